import type { LaunchSpec } from '../../lib/domain/launch.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import type { Target } from '../../lib/domain/target.ts'
import type { RunEvent } from '../../lib/run/run-event.ts'
import { type RunContext, runPlan } from '../../lib/run/run-plan.ts'
import { resumeSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, done, loaded, numbered, trialRecords } from '../store/example.ts'

export type Unnumbered = Parameters<typeof numbered>[0][number]
export type Script = (launch: LaunchSpec, nth: number) => readonly Unnumbered[]

/** A machine whose worker writes at once what the script gives for the n-th launch, counted from 1. */
export function scripted(script: Script): Target {
  const spools: string[] = []
  return {
    put: async (launch) => {
      const records = numbered(script(launch, spools.length + 1))
      return `${spools.push(records.map((record) => `${JSON.stringify(record)}\n`).join('')) - 1}`
    },
    start: async () => {},
    read: async (spool, offset) => Buffer.from(spools[Number(spool)] as string).subarray(offset),
    state: async () => 'gone',
    heartbeat: async () => `${performance.now()}`,
    signal: async () => {},
    freeBytes: async () => 1e9,
    clear: async () => {},
    logTail: async () => 'the log',
  }
}

export const well: Script = ({ trials }) => [
  claimed,
  loaded,
  ...trials.flatMap(({ trialId }) => trialRecords(trialId)),
  done,
]

/** A launch that ends so before any of its trials has begun. */
export const failing = (outcome: Extract<Unnumbered, { kind: 'done' }>['outcome']): Unnumbered[] => [
  claimed,
  { kind: 'done', outcome, atMs: 9000 },
]

export const noSignal = new AbortController().signal

/** Runs a plan that is in the store; what it throws is its outcome. */
export async function runScripted(store: Store, plan: Plan, target: Target, change: Partial<RunContext> = {}) {
  const events: RunEvent[] = []
  const sessionId = resumeSession(store, { planId: plan.id, atMs: 1 })
  const outcome = await runPlan({
    store,
    plan,
    sessionId,
    target,
    ensure: async ({ artifact }) => artifact,
    onEvent: (event) => events.push(event),
    interrupt: { soft: noSignal, hard: noSignal },
    wait: async () => {},
    nowMs: () => 5,
    monotonicMs: () => 5,
    ...change,
  }).catch((error: unknown) => error)
  return { outcome, events }
}
