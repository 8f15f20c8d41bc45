import type { Ns } from './timeline.ts'

/** One request that a load shape lets go. */
export type Arrival = {
  /** 0-based within its phase, among those of this process. */
  index: number
  /** Of this process; one that never got a client is told of one of them all the same. */
  client: number
  scheduled: Ns
  /** How long no client was free for it. */
  poolWait: Ns
}

/** What a load shape needs of the outside. */
export type LoadContext = {
  now: () => Ns
  /** Resolves at `at`, or as soon as it can afterwards; at once where the signal is aborted. */
  sleepUntil: (at: Ns, signal: AbortSignal) => Promise<void>
  /** Sends a request; resolves when it has ended. After the signal it only leaves a row: the arrival was due, and is not dropped. */
  send: (arrival: Arrival) => Promise<void>
  signal: AbortSignal
}

/** Decides when requests are sent. */
export interface LoadShape {
  /** Sends `requests` requests in all (infinitely many: until the signal) and resolves when the last has ended. */
  drive(requests: number, context: LoadContext): Promise<void>
}
