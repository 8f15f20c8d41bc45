import type { Cell } from '../../lib/domain/cell.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { expandFile } from '../../lib/lab/expand-file.ts'
import { planExperiment } from '../../lib/experiment/plan.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { endSession, startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, done, exampleManifest, exampleRequest, numbered, trialRecords } from '../store/example.ts'

/** Two arms that need no file, and prompts of which one is hostile. */
export const twoArms = `name: two-arms
question: Does q4_0 pay?
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [ask] }
workloads:
  ask:
    kind: completion
    prompts: ["Why is the sky blue?", "<script>alert(1)</script> \\u202e안녕"]
    sampling: { maxTokens: 8 }
load: { requests: 2 }
repeat: { blocks: 8 }
compare: { treatment: [quantization] }
`

const machine = { cores: 2, cpu: 'A CPU', gpus: [], accelerators: ['cpu' as const], lacking: {} }

/** The plan of an experiment file of a lab. */
export async function planOf(file: string, cwd: string, seed = 1): Promise<Plan> {
  const expanded = await expandFile(file, { set: [] }, { cwd, env: { XDG_CACHE_HOME: `${cwd}/cache` } })
  return planExperiment({ expanded, seed, createdAtMs: 1_700_000_000_000 + seed, machine, command: 'benchbook run x' })
}

export type Measured = {
  /** Milliseconds between two tokens, by quantization. */
  tokenMs: Readonly<Record<string, number>>
  /** Of each launch's speed, as a share of it. */
  noise?: number
  seed?: number
}

/** Puts a plan into a store as if it had been measured: all that is random follows from the seed. */
export function measure(store: Store, plan: Plan, { tokenMs, noise = 0.01, seed = 1 }: Measured): void {
  const random = randomSequence(seed)
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs: 1000 })
  for (const { id: launchId } of readLaunches(store, plan.id)) {
    markStarted(store, { launchId, sessionId, spool: `/root/spools/${launchId}` })
    const trials = readLaunchTrials(store, launchId)
    const cells = trials.map(({ cellId }) => plan.cells.find(({ id }) => id === cellId) as Cell)
    const records = trials.flatMap(({ id }, at) => {
      const cell = cells[at] as Cell
      const each = (tokenMs[cell.config.quantization] ?? 10) * (1 + noise * (random() + random() + random() - 1.5))
      return trialRecords(id, requestsOf(cell, Math.round(each * 1000)))
    })
    const loaded = { kind: 'loaded' as const, loadMs: 812.5, manifest: manifestOf(cells[0] as Cell) }
    commitRecords(store, { launchId, records: numbered([claimed, loaded, ...records, done]), endOffset: 10 })
    for (const { id } of trials) deriveMeasurements(store, id)
  }
  endSession(store, { sessionId, atMs: 2000, status: 'ended' })
}

/** The same in a store's file. */
export function measureIn(file: string, plan: Plan, measured: Measured): void {
  using store = openStore({ file, mode: 'write' })
  measure(store, plan, measured)
}

function requestsOf({ config }: Cell, deltaUs: number): RequestTimeline[] {
  const { workload } = config
  if (!('prompts' in workload)) return [exampleRequest]
  return workload.prompts.map(({ id }, at) => ({
    ...exampleRequest,
    promptId: id,
    scheduledUs: at * 1_000_000,
    sentUs: at * 1_000_000 + 10,
    doneUs: 100_000 + 7 * deltaUs,
    outputTokens: 8,
    events: { deltasUs: [100_000, ...Array.from({ length: 7 }, () => deltaUs)] },
    output: `an answer to ${id} <b>`,
  }))
}

function manifestOf({ artifact, config }: Cell) {
  const { engine, ...rest } = exampleManifest
  if (engine === undefined) throw new Error('the example has an engine')
  const { description } = artifact
  return {
    ...rest,
    engine: {
      ...engine,
      artifact: {
        ...engine.artifact,
        ...description,
        digest: artifact.digest,
        fileType: config.quantization.toUpperCase(),
      },
    },
  }
}
