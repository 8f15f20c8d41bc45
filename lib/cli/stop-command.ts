import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { runnerProcess } from '../lab/runner-process.ts'
import { type SessionNow, sessionsNow } from '../lab/session-state.ts'
import { isAlive, type ProcessId } from '../shell/process-id.ts'
import { findPlan } from '../store/find-plan.ts'
import { readLaunches } from '../store/launches.ts'
import { listPlans } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { localTarget } from '../target/local.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

export type StopOptions = CommonOptions & { now?: true }

type Stopped = { plan: string | null; stopped: 'runner' | 'worker' | 'nothing'; pid?: number; text: string }

/** Two signals that come closer together than this are one Ctrl-C. */
const betweenSignalsMs = 300
const endsWithinMs = 20_000

/** Asks what measures a plan to stop: its runner, or the worker that a dead runner has left. */
export async function stop(id: string | undefined, options: StopOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const sessions = await sessionsNow(store)
  const planId = planToStop(id, store, sessions)
  const session = sessions.find((one) => one.planId === planId)
  const spools = `${storeFile(options, io)}.spool`
  const { text, ...facts } =
    session?.state === 'running'
      ? await stopRunner(session, options)
      : await stopWorker(planId, store, { spools, now: options.now === true })
  if (options.json) printJson(io, facts)
  else io.stdout(`${text}\n`)
}

/** The plan that is named, else the one that runs, else the last whose runner died. */
function planToStop(id: string | undefined, store: Store, sessions: readonly SessionNow[]): string | undefined {
  if (id !== undefined) return findPlan(store, id)
  const alive = sessions.filter(({ state }) => state === 'running')
  if (alive.length > 1) {
    const plans = alive.map(({ planId }) => planId).join(', ')
    throw new UserError(`${alive.length} plans run in ${store.file}: name the one to stop: ${plans}`)
  }
  return alive[0]?.planId ?? sessions[0]?.planId ?? listPlans(store)[0]?.id
}

async function stopRunner(session: SessionNow, { now }: StopOptions): Promise<Stopped> {
  const { planId, host } = session
  if (host !== undefined && host !== hostname())
    throw new UserError(`plan ${planId} is being run on ${plain(host)}: stop it there`, exitCodes.unavailable)
  const runner = await runnerProcess(session)
  if (runner === undefined)
    throw new UserError(
      `cannot tell which process runs plan ${planId}: stop it with Ctrl-C where it was started`,
      exitCodes.unavailable,
    )
  interrupt(runner)
  const { pid } = runner
  const goOn = `go on with: benchbook run --resume ${planId}`
  if (!now) {
    const text = `process ${pid} finishes the trial that runs, then stops plan ${planId} (--now stops at once); ${goOn}`
    return { plan: planId, stopped: 'runner', pid, text }
  }
  await delay(betweenSignalsMs)
  if (isAlive(runner)) interrupt(runner)
  const ended = await hasEnded(runner)
  const text = ended
    ? `stopped plan ${planId}; ${goOn}`
    : `process ${pid} was told to stop plan ${planId}, and still does; ${goOn}`
  return { plan: planId, stopped: 'runner', pid, text }
}

function interrupt({ pid }: ProcessId): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return // it has just ended by itself
    if (code !== 'EPERM') throw error
    throw new UserError(`process ${pid} is another user's: only they may stop it`, exitCodes.unavailable)
  }
}

async function hasEnded(runner: ProcessId): Promise<boolean> {
  for (const startedMs = performance.now(); performance.now() - startedMs < endsWithinMs; await delay(100))
    if (!isAlive(runner)) return true
  return false
}

/** A worker goes on with its launch when its runner has died, and holds the device meanwhile. */
async function stopWorker(
  planId: string | undefined,
  store: Store,
  { spools, now }: { spools: string; now: boolean },
): Promise<Stopped> {
  if (planId === undefined) return { plan: null, stopped: 'nothing', text: `nothing runs in ${store.file}` }
  const target = localTarget({ spools, worker: [process.execPath] })
  const goOn = `go on with: benchbook run --resume ${planId}`
  for (const { id, status, spool } of readLaunches(store, planId)) {
    if (status !== 'running' || spool === undefined || (await target.state(spool)) !== 'running') continue
    await target.signal(spool, now ? 'SIGTERM' : 'SIGUSR2')
    const how = now ? 'stops' : 'finishes the trial that runs, then stops'
    const text = `plan ${planId} has no runner; the worker of launch ${id}, which was still measuring, ${how}; ${goOn}`
    return { plan: planId, stopped: 'worker', text }
  }
  return { plan: planId, stopped: 'nothing', text: `nothing runs of plan ${planId}` }
}
