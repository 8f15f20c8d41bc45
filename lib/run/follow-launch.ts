import type { LaunchOutcome, SpoolRecord } from '../domain/record.ts'
import type { Target, WorkerState } from '../domain/target.ts'
import type { RunEvent } from './run-event.ts'
import { parseRecords } from './spool-records.ts'
import { diskFullText, InterruptedWait, waitForRoom } from './wait-for-room.ts'

export type FollowOptions = {
  target: Target
  spool: string
  /** How much of the spool is in the store already. */
  offset: number
  /** Writes records and the offset they end at in one transaction. Rejects with `InterruptedWait` where the user had no patience for it. */
  commit: (records: readonly SpoolRecord[], endOffset: number) => Promise<void>
  onEvent: (event: RunEvent) => void
  /** Aborted: finish the trial that runs; stop at once. */
  interrupt: { soft: AbortSignal; hard: AbortSignal }
  wait: (ms: number) => Promise<void>
}

/** `lost`: the worker has gone without a word, or what it wrote cannot be read. */
export type Followed = LaunchOutcome | { status: 'lost'; detail: string; logTail: string }

const pollMs = 50
/** At most a quarter of a second of requests is in the spool alone. */
const pollsPerCommit = 5
/** How long a worker may take to claim its spool. */
const claimMs = 30_000
/** How long a worker may be without a heartbeat; counted in polls, so that a machine that slept takes nobody for dead. */
const silentMs = 60_000
const logBytes = 2000
/** With less a worker may not even be able to say that it is there. */
const leastFreeBytes = 65_536

/** Brings what a worker writes into the store, until it has ended; a worker that was never started is started. */
export async function followLaunch(options: FollowOptions): Promise<Followed> {
  const { target, spool, wait, commit } = options
  const patience = new Patience(options)
  const stopper = new Stopper(options)
  const group = new Group()
  let { offset } = options
  const lost = async (detail: string): Promise<Followed> => ({
    status: 'lost',
    detail,
    logTail: await target.logTail(spool, logBytes),
  })
  if ((await target.state(spool)) === 'unclaimed') await waitForRoom(() => target.start(spool), waiting(options))
  for (;;) {
    // The state first: a worker that is gone by then has written all that it ever will.
    const state = await target.state(spool)
    const { records, endOffset, damaged } = parseRecords(await target.read(spool, offset), offset)
    offset = endOffset
    group.add(records, endOffset)
    const last = records.at(-1)
    if (group.isDue(state === 'gone' || damaged || last?.kind === 'done'))
      await group.commit(commit).catch(leaveWorker(options))
    if (last?.kind === 'done') return last.outcome
    if (damaged) {
      await target.signal(spool, 'SIGTERM')
      return lost(`its records cannot be read from byte ${offset} on; those before are kept`)
    }
    if (state === 'gone' && records.length > 0) continue
    if (state === 'gone') return lost('the worker ended without a word')
    const exhausted = await patience.look(state)
    if (exhausted !== undefined) return lost(exhausted)
    await stopper.look(state)
    await wait(pollMs)
  }
}

/**
 * Records that wait to be written together: each commit waits for the disk and takes CPU that, on this machine, is taken away
 * from what is measured. In the spool they are safe.
 */
class Group {
  #records: SpoolRecord[] = []
  #endOffset = 0
  #polls = 0

  add(records: readonly SpoolRecord[], endOffset: number): void {
    this.#records.push(...records)
    this.#endOffset = endOffset
    this.#polls += 1
  }

  /** `now`: nothing comes after it. The end of a trial is told at once. */
  isDue(now: boolean): boolean {
    if (this.#records.length === 0) return false
    return now || this.#polls >= pollsPerCommit || this.#records.some(({ kind }) => kind !== 'request')
  }

  async commit(write: FollowOptions['commit']): Promise<void> {
    const records = this.#records
    this.#records = []
    this.#polls = 0
    await write(records, this.#endOffset)
  }
}

const waiting = ({ interrupt, wait, onEvent }: FollowOptions) => ({ soft: interrupt.soft, wait, onEvent })

/** A runner that goes while its disk is full leaves a worker that ends when its trial has; what it writes is collected later. */
const leaveWorker =
  ({ target, spool, interrupt }: FollowOptions) =>
  async (error: unknown): Promise<never> => {
    if (error instanceof InterruptedWait) await target.signal(spool, interrupt.hard.aborted ? 'SIGTERM' : 'SIGUSR2')
    throw error
  }

/** Tells the worker once of each interruption; one that has not claimed its spool yet cannot be told anything. */
class Stopper {
  readonly #options: FollowOptions
  #told: 'nothing' | 'soft' | 'hard' = 'nothing'

  constructor(options: FollowOptions) {
    this.#options = options
  }

  async look(state: WorkerState): Promise<void> {
    const { target, spool, interrupt } = this.#options
    if (state !== 'running' || this.#told === 'hard') return
    if (interrupt.hard.aborted) {
      this.#told = 'hard'
      await target.signal(spool, 'SIGTERM')
    } else if (interrupt.soft.aborted && this.#told === 'nothing') {
      this.#told = 'soft'
      await target.signal(spool, 'SIGUSR2')
    }
  }
}

/** Counts, in polls, how long a worker has not come up, or has been without a heartbeat; a full disk excuses either. */
class Patience {
  readonly #options: FollowOptions
  #unclaimedMs = 0
  #silentMs = 0
  #beat = ''
  #full = false

  constructor(options: FollowOptions) {
    this.#options = options
  }

  /** Why there is nothing left to wait for; `undefined` while there is. A worker that has hung is ended. */
  async look(state: WorkerState): Promise<string | undefined> {
    const { target, spool } = this.#options
    if (state === 'unclaimed') {
      this.#unclaimedMs += pollMs
      if (this.#unclaimedMs <= claimMs) return undefined
      if (!(await this.#excused())) return `no worker came up within ${claimMs / 1000} s`
      this.#unclaimedMs = 0
      return undefined
    }
    const beat = await target.heartbeat(spool)
    const isSilent = beat === this.#beat
    this.#silentMs = isSilent ? this.#silentMs + pollMs : 0
    this.#beat = beat
    const needsBytes = / full (\d+)/.exec(beat)?.[1]
    // What a worker said before there was room again is not told.
    const lacks = needsBytes !== undefined && (this.#full || (await this.#isFull()))
    if (!isSilent) this.#tell(lacks ? Number(needsBytes) : undefined)
    if (this.#silentMs < silentMs) return undefined
    if (await this.#excused()) return void (this.#silentMs = 0)
    await target.signal(spool, 'SIGKILL')
    return `the worker gave no sign of life for ${silentMs / 1000} s`
  }

  async #excused(): Promise<boolean> {
    const isFull = await this.#isFull()
    if (isFull) this.#tell(leastFreeBytes)
    return isFull
  }

  async #isFull(): Promise<boolean> {
    const { target, spool } = this.#options
    return (await target.freeBytes(spool)) < leastFreeBytes
  }

  /** Once per wait. */
  #tell(needsBytes: number | undefined): void {
    const { spool, onEvent } = this.#options
    if (needsBytes !== undefined && !this.#full)
      onEvent({ kind: 'waiting', for: 'disk', detail: diskFullText({ place: `the spool ${spool}`, needsBytes }) })
    if (needsBytes === undefined && this.#full) onEvent({ kind: 'waited', for: 'disk' })
    this.#full = needsBytes !== undefined
  }
}
