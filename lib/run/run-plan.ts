import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { LaunchOutcome, SpoolRecord } from '../domain/record.ts'
import type { Target } from '../domain/target.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { commitRecords } from '../store/commit-records.ts'
import { continueLaunch, launchesToContinue } from '../store/continue-launch.ts'
import { endLaunch } from '../store/end-launch.ts'
import { markStarted, nextPendingLaunch, readLaunch, readLaunches } from '../store/launches.ts'
import type { Store } from '../store/store.ts'
import { readLaunchTrials } from '../store/read-trials.ts'
import { followLaunch, type Followed } from './follow-launch.ts'
import { cellOf, launchSpecOf } from './launch-spec.ts'
import type { RunEvent } from './run-event.ts'
import { TrialLog } from './trial-log.ts'

export type RunContext = {
  store: Store
  plan: Plan
  sessionId: number
  target: Target
  /** Makes sure that a cell's model files are there; may reject where the run is interrupted meanwhile. */
  ensure: (cell: Cell) => Promise<ArtifactIdentity>
  onEvent: (event: RunEvent) => void
  /** Aborted: finish the trial that runs; stop at once. */
  interrupt: { soft: AbortSignal; hard: AbortSignal }
  wait: (ms: number) => Promise<void>
  /** Since 1970. */
  nowMs: () => number
}

/** How often in a row a launch is tried whose worker vanishes before a trial has ended. */
const hopelessAttempts = 4

/** Runs what a plan still lacks, launch by launch; first it collects what the spools of a killed runner hold. */
export async function runPlan(context: RunContext): Promise<'complete' | 'interrupted'> {
  const { store, plan, interrupt } = context
  const log = new TrialLog(context)
  for (const left of launchesToContinue(store, plan.id)) continueLaunch(store, left)
  log.start()
  for (;;) {
    const left = readLaunches(store, plan.id).find(({ status }) => status === 'running')
    const next = left ?? nextPendingLaunch(store, plan.id)
    if (next === undefined) return 'complete'
    if (left === undefined && interrupt.soft.aborted) return 'interrupted'
    if (left) context.onEvent({ kind: 'collecting', launchId: left.id })
    const spool = left?.spool ?? (await startLaunch(next, context))
    if (spool === undefined) return 'interrupted'
    const followed = await follow(next, spool, { context, log })
    settle(next, { followed, spool, context, log })
    if (followed.status === 'stopped') return 'interrupted'
  }
}

/** `undefined` where the run was interrupted before there was anything to stop. */
async function startLaunch(launch: LaunchRow, context: RunContext): Promise<string | undefined> {
  const { store, plan, target, sessionId, interrupt, onEvent } = context
  const trials = readLaunchTrials(store, launch.id)
  const artifact = await ensured(cellOf(plan, (trials[0] as TrialRow).cellId), context)
  if (artifact === undefined || interrupt.soft.aborted) return undefined
  const spool = await target.put(launchSpecOf({ plan, launch, trials, artifact }))
  markStarted(store, { launchId: launch.id, sessionId, spool })
  onEvent({ kind: 'launched', launchId: launch.id, block: launch.block, attempt: launch.attempt, arm: launch.arm })
  return spool
}

async function ensured(cell: Cell, { ensure, interrupt }: RunContext): Promise<ArtifactIdentity | undefined> {
  try {
    return await ensure(cell)
  } catch (error) {
    if (interrupt.soft.aborted) return undefined
    throw error
  }
}

function follow(launch: LaunchRow, spool: string, { context, log }: { context: RunContext; log: TrialLog }) {
  const { store, target, interrupt, wait } = context
  const trials = readLaunchTrials(store, launch.id)
  const commit = (records: readonly SpoolRecord[], endOffset: number) => {
    commitRecords(store, { launchId: launch.id, records, endOffset })
    log.take(launch, trials, records)
  }
  return followLaunch({ target, spool, offset: launch.spoolOffset, commit, interrupt, wait })
}

type Ending = { followed: Followed; spool: string; context: RunContext; log: TrialLog }

/** What a launch left over runs in a fresh one, unless its worker vanishes again and again. */
function settle(launch: LaunchRow, { followed, spool, context, log }: Ending): void {
  const { store, plan, onEvent, nowMs } = context
  if (followed.status === 'lost') {
    const outcome: LaunchOutcome =
      fruitlessAttempts(store, launch) < hopelessAttempts
        ? { status: 'stopped' }
        : { status: 'failed', reason: 'crashed', detail: followed.detail, logTail: followed.logTail }
    endLaunch(store, { launchId: launch.id, outcome, atMs: nowMs() })
  }
  log.launchEnded(launch)
  const goesOn = launchesToContinue(store, plan.id)
  for (const left of goesOn) continueLaunch(store, left)
  if (followed.status === 'refused')
    throw new UserError(`${followed.detail}: wait for it or stop it, then go on with --resume`, exitCodes.unavailable)
  if (followed.status !== 'ok')
    onEvent({ kind: 'launch-ended', launchId: launch.id, how: describe(followed, spool), goesOn: goesOn.length > 0 })
}

/** How many launches in a row, this one the last, ended without one of their trials ended. */
function fruitlessAttempts(store: Store, launch: LaunchRow): number {
  if (readLaunchTrials(store, launch.id).some(({ status }) => status === 'ok' || status === 'failed')) return 0
  return 1 + (launch.continues === undefined ? 0 : fruitlessAttempts(store, readLaunch(store, launch.continues)))
}

function describe(followed: Exclude<Followed, { status: 'ok' }>, spool: string): string {
  if (followed.status === 'stopped') return 'stopped'
  return followed.status === 'lost' ? `${followed.detail} (its log is in the spool ${spool})` : followed.detail
}
