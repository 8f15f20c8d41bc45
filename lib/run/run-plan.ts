import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import { DiskFullError } from '../domain/disk-full.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { LaunchOutcome, SpoolRecord } from '../domain/record.ts'
import type { Target } from '../domain/target.ts'
import type { FailureReason } from '../domain/timeline.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { commitRecords } from '../store/commit-records.ts'
import { leftovers } from '../store/continue-launch.ts'
import { endLaunch, failLaunch } from '../store/end-launch.ts'
import { markStarted, nextPendingLaunch, readLaunch, readLaunches } from '../store/launches.ts'
import type { Store } from '../store/store.ts'
import { readLaunchTrials } from '../store/read-trials.ts'
import { followLaunch, type Followed } from './follow-launch.ts'
import { cellOf, launchSpecOf } from './launch-spec.ts'
import { type Again, planFailed, planLeftovers } from './run-again.ts'
import type { RunEvent } from './run-event.ts'
import { TrialLog } from './trial-log.ts'
import { InterruptedWait, waitForRoom } from './wait-for-room.ts'

export type RunContext = {
  store: Store
  plan: Plan
  sessionId: number
  target: Target
  /** Makes sure that a cell's model files are there; may reject where the run is interrupted meanwhile. */
  ensure: (cell: Cell) => Promise<ArtifactIdentity>
  /** The same of the base that a cell's probabilities are held against; absent where nothing has to be looked for. */
  ensureBase?: (cell: Cell) => Promise<ArtifactIdentity>
  /** Where the files are that a cell names, absolute, by that name. */
  files?: (cell: Cell) => Promise<Readonly<Record<string, string>>>
  /** Where the program of the engine is that a cell starts, by kind of backend. */
  programs?: (cell: Cell) => Promise<Readonly<Record<string, string>>>
  onEvent: (event: RunEvent) => void
  /** Aborted: finish the trial that runs; stop at once. */
  interrupt: { soft: AbortSignal; hard: AbortSignal }
  wait: (ms: number) => Promise<void>
  /** Since 1970. */
  nowMs: () => number
  /** From any start; a clock that is set does not move it. */
  monotonicMs: () => number
  /** What has failed before runs once more. */
  retryFailed?: boolean
  /** What one launch lacks (its files, its device) fails its trials, and the others run; otherwise it ends the run. */
  keepGoing?: boolean
}

/** How often in a row a launch is tried whose worker vanishes before a trial has ended. */
const hopelessAttempts = 4

/** Runs what a plan still lacks, launch by launch; first it collects what the spools of a killed runner hold. */
export async function runPlan(context: RunContext): Promise<'complete' | 'interrupted'> {
  try {
    return await new PlanRun(context).run()
  } catch (error) {
    if (error instanceof InterruptedWait) return 'interrupted'
    throw error
  }
}

class PlanRun {
  readonly #context: RunContext
  readonly #log: TrialLog

  constructor(context: RunContext) {
    this.#context = context
    this.#log = new TrialLog(context)
  }

  async run(): Promise<'complete' | 'interrupted'> {
    const { store, plan, interrupt, retryFailed } = this.#context
    await this.#room(() => this.#log.start())
    for (const left of readLaunches(store, plan.id).filter(({ status }) => status === 'running'))
      if ((await this.#collect(left)) === 'stopped') return 'interrupted'
    await this.#again(() => planLeftovers(store, plan, 'resumed'))
    if (retryFailed) await this.#again(() => planFailed(store, plan))
    for (;;) {
      const next = nextPendingLaunch(store, plan.id)
      if (next === undefined) return 'complete'
      if (interrupt.soft.aborted) return 'interrupted'
      const started = await this.#start(next)
      if (started.status === 'interrupted') return 'interrupted'
      if (started.status === 'failed') continue
      const ended = await this.#follow(next, started.spool)
      await this.#again(() => planLeftovers(store, plan, 'running'))
      if (ended === 'stopped') return 'interrupted'
    }
  }

  /** What can wait does where a disk is full. */
  #room<T>(work: () => T | Promise<T>): Promise<T> {
    const { interrupt, wait, onEvent } = this.#context
    return waitForRoom(work, { soft: interrupt.soft, wait, onEvent })
  }

  async #again(planned: () => Again): Promise<void> {
    const { blocks } = await this.#room(planned)
    if (blocks.length > 0) this.#log.recount()
    if (blocks.length > 0) this.#context.onEvent({ kind: 'blocks-repeated', blocks })
  }

  async #collect(launch: LaunchRow): Promise<Followed['status']> {
    this.#context.onEvent({ kind: 'collecting', launchId: launch.id })
    return this.#follow(launch, launch.spool as string)
  }

  async #start(launch: LaunchRow): Promise<Started> {
    const { store, plan, target, sessionId, interrupt, onEvent } = this.#context
    const trials = readLaunchTrials(store, launch.id)
    const cell = cellOf(plan, (trials[0] as TrialRow).cellId)
    const found = await this.#artifact(launch, cell)
    if ('status' in found) return found
    const bases = await this.#bases(launch, trials)
    if ('status' in bases) return bases
    if (interrupt.soft.aborted) return { status: 'interrupted' }
    const files = (await this.#context.files?.(cell)) ?? {}
    const programs = (await this.#context.programs?.(cell)) ?? {}
    const spec = launchSpecOf({ plan, launch, trials, artifact: found, files, programs, bases })
    const spool = await this.#room(() => target.put(spec))
    await this.#room(() => markStarted(store, { launchId: launch.id, sessionId, spool }))
    const { id: launchId, block, attempt, arm, role } = launch
    onEvent({ kind: 'launched', launchId, block, attempt, arm, ...(role && { role }) })
    return { status: 'started', spool }
  }

  #artifact(launch: LaunchRow, cell: Cell): Promise<ArtifactIdentity | Unstarted> {
    return this.#ensured(launch, () => this.#context.ensure(cell))
  }

  /** By cell, of those that have one. */
  async #bases(launch: LaunchRow, trials: readonly TrialRow[]): Promise<Map<string, ArtifactIdentity> | Unstarted> {
    const { plan, ensureBase } = this.#context
    const found = new Map<string, ArtifactIdentity>()
    if (ensureBase === undefined) return found
    for (const cell of trials.map(({ cellId }) => cellOf(plan, cellId)).filter(({ base }) => base !== undefined)) {
      const base = await this.#ensured(launch, () => ensureBase(cell))
      if ('status' in base) return base
      found.set(cell.id, base)
    }
    return found
  }

  async #ensured(launch: LaunchRow, look: () => Promise<ArtifactIdentity>): Promise<ArtifactIdentity | Unstarted> {
    const { interrupt, keepGoing } = this.#context
    try {
      return await this.#room(look)
    } catch (error) {
      if (interrupt.soft.aborted) return { status: 'interrupted' }
      if (!keepGoing || !(error instanceof UserError) || error instanceof DiskFullError) throw error
      await this.#fail(launch, 'artifact-missing', error.message)
      return { status: 'failed' }
    }
  }

  async #follow(launch: LaunchRow, spool: string): Promise<Followed['status']> {
    const { store, target, interrupt, wait, onEvent } = this.#context
    const trials = readLaunchTrials(store, launch.id)
    let isWaiting = false
    const commit = async (records: readonly SpoolRecord[], endOffset: number) => {
      await this.#room(() => commitRecords(store, { launchId: launch.id, records, endOffset }))
      for (const record of records) {
        if (record.kind === 'waiting') onEvent({ kind: 'waiting', for: 'guard', detail: record.detail })
        else if (record.kind === 'loaded' && isWaiting) onEvent({ kind: 'waited', for: 'guard' })
        isWaiting = record.kind === 'waiting'
      }
      await this.#room(() => this.#log.take(launch, trials, records))
    }
    const offset = launch.spoolOffset
    const followed = await followLaunch({ target, spool, offset, commit, interrupt, wait, onEvent })
    await this.#settle(launch, { followed, spool })
    return followed.status
  }

  /** What a launch left over runs in a fresh one, unless its worker vanishes again and again. */
  async #settle(launch: LaunchRow, { followed, spool }: { followed: Followed; spool: string }): Promise<void> {
    const { store, plan, target, onEvent, nowMs, keepGoing } = this.#context
    if (followed.status === 'lost') {
      await target.clear()
      const outcome: LaunchOutcome =
        fruitlessAttempts(store, launch) < hopelessAttempts
          ? { status: 'stopped' }
          : { status: 'failed', reason: 'crashed', detail: followed.detail, logTail: followed.logTail }
      await this.#room(() => endLaunch(store, { launchId: launch.id, outcome, atMs: nowMs() }))
    }
    if (followed.status === 'refused') {
      if (!keepGoing) throw refused(followed)
      return this.#fail(launch, 'refused', followed.detail)
    }
    this.#log.launchEnded(launch)
    if (followed.status === 'ok') return
    const goesOn = followed.status !== 'stopped' && hasLeft(store, plan, launch)
    onEvent({ kind: 'launch-ended', launchId: launch.id, how: describe(followed, spool), goesOn })
  }

  async #fail(launch: LaunchRow, reason: FailureReason, detail: string): Promise<void> {
    const { store, nowMs } = this.#context
    await this.#room(() => failLaunch(store, { launchId: launch.id, reason, detail, atMs: nowMs() }))
    this.#log.launchEnded(launch)
  }
}

type Unstarted = { status: 'interrupted' } | { status: 'failed' }
type Started = { status: 'started'; spool: string } | Unstarted

function refused({ detail, by }: Extract<Followed, { status: 'refused' }>): UserError {
  const remedy =
    by === 'guard' ? 'go on with --resume when that has passed' : 'wait for it or stop it, then go on with --resume'
  return new UserError(`${detail}: ${remedy}`, exitCodes.unavailable)
}

/** Whether something of a launch that has ended runs again. */
function hasLeft(store: Store, plan: Plan, { id }: LaunchRow): boolean {
  return leftovers(store, plan.id).some(({ launchId }) => launchId === id)
}

/** How many launches in a row, this one the last, ended without one of their trials ended. */
function fruitlessAttempts(store: Store, launch: LaunchRow): number {
  if (readLaunchTrials(store, launch.id).some(({ status }) => status === 'ok' || status === 'failed')) return 0
  return 1 + (launch.continues === undefined ? 0 : fruitlessAttempts(store, readLaunch(store, launch.continues)))
}

function describe(followed: Exclude<Followed, { status: 'ok' | 'refused' }>, spool: string): string {
  if (followed.status === 'stopped') return 'stopped'
  return followed.status === 'lost' ? `${followed.detail} (its log is in the spool ${spool})` : followed.detail
}
