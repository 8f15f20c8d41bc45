import type { LaunchOutcome, SpoolRecord } from '../domain/record.ts'
import type { Target } from '../domain/target.ts'
import { parseRecords } from './spool-records.ts'

export type FollowOptions = {
  target: Target
  spool: string
  /** How much of the spool is in the store already. */
  offset: number
  /** Writes records and the offset they end at in one transaction. */
  commit: (records: readonly SpoolRecord[], endOffset: number) => void
  /** Aborted: finish the trial that runs; stop at once. */
  interrupt: { soft: AbortSignal; hard: AbortSignal }
  wait: (ms: number) => Promise<void>
}

/** `lost`: the worker has gone without a word, or what it wrote cannot be read. */
export type Followed = LaunchOutcome | { status: 'lost'; detail: string; logTail: string }

const pollMs = 50
/** How long a worker may take to claim its spool. */
const claimMs = 30_000
/** How long a worker may be without a heartbeat; counted in polls, so that a machine that slept takes nobody for dead. */
const silentMs = 60_000
const logBytes = 2000

/** Brings what a worker writes into the store, until it has ended; a worker that was never started is started. */
export async function followLaunch(options: FollowOptions): Promise<Followed> {
  const { target, spool, interrupt, wait } = options
  let { offset } = options
  let unclaimedMs = 0
  const lost = async (detail: string): Promise<Followed> => ({
    status: 'lost',
    detail,
    logTail: await target.logTail(spool, logBytes),
  })
  const asked = { soft: false, hard: false }
  let beat = { text: '', silentMs: 0 }
  if ((await target.state(spool)) === 'unclaimed') await target.start(spool)
  for (;;) {
    // The state first: a worker that is gone by then has written all that it ever will.
    const state = await target.state(spool)
    const { records, endOffset, damaged } = parseRecords(await target.read(spool, offset), offset)
    if (records.length > 0) {
      options.commit(records, endOffset)
      offset = endOffset
      const last = records.at(-1)
      if (last?.kind === 'done') return last.outcome
    }
    if (damaged) {
      await target.signal(spool, 'SIGTERM')
      return lost(`its records cannot be read from byte ${offset} on; those before are kept`)
    }
    if (records.length > 0) continue
    if (state === 'gone') return lost('the worker ended without a word')
    if (state === 'unclaimed' && unclaimedMs >= claimMs) return lost(`no worker came up within ${claimMs / 1000} s`)
    // One that has not claimed its spool yet cannot be told anything.
    if (state === 'running' && interrupt.hard.aborted && !asked.hard) {
      Object.assign(asked, { soft: true, hard: true })
      await target.signal(spool, 'SIGTERM')
    } else if (state === 'running' && interrupt.soft.aborted && !asked.soft) {
      asked.soft = true
      await target.signal(spool, 'SIGUSR2')
    }
    if (state === 'unclaimed') unclaimedMs += pollMs
    const text = await target.heartbeat(spool)
    beat = { text, silentMs: text === beat.text ? beat.silentMs + pollMs : 0 }
    if (state === 'running' && beat.silentMs >= silentMs) {
      await target.signal(spool, 'SIGKILL')
      return lost(`the worker gave no sign of life for ${silentMs / 1000} s`)
    }
    await wait(pollMs)
  }
}
