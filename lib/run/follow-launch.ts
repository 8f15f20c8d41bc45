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

/** `lost`: the worker has gone without a word. */
export type Followed = LaunchOutcome | { status: 'lost'; detail: string }

const pollMs = 50
/** How long a worker may take to claim its spool. */
const claimMs = 30_000

/** Brings what a worker writes into the store, until it has ended; a worker that was never started is started. */
export async function followLaunch(options: FollowOptions): Promise<Followed> {
  const { target, spool, interrupt, wait } = options
  let { offset } = options
  let unclaimedMs = 0
  const asked = { soft: false, hard: false }
  if ((await target.state(spool)) === 'unclaimed') await target.start(spool)
  for (;;) {
    // The state first: a worker that is gone by then has written all that it ever will.
    const state = await target.state(spool)
    const { records, endOffset } = parseRecords(await target.read(spool, offset), offset)
    if (records.length > 0) {
      options.commit(records, endOffset)
      offset = endOffset
      const last = records.at(-1)
      if (last?.kind === 'done') return last.outcome
      continue
    }
    if (state === 'gone') return lost('the worker ended without a word', await target.logTail(spool, 2000))
    if (state === 'unclaimed' && unclaimedMs >= claimMs)
      return lost(`no worker came up within ${claimMs / 1000} s`, await target.logTail(spool, 2000))
    if (interrupt.hard.aborted && !asked.hard) {
      asked.hard = true
      await target.signal(spool, 'SIGTERM')
    } else if (interrupt.soft.aborted && !asked.soft) {
      asked.soft = true
      await target.signal(spool, 'SIGUSR2')
    }
    if (state === 'unclaimed') unclaimedMs += pollMs
    await wait(pollMs)
  }
}

const lost = (what: string, log: string): Followed => ({
  status: 'lost',
  detail: log === '' ? what : `${what}; it logged: ${log}`,
})
