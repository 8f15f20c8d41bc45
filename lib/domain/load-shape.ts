import type { Ns } from './timeline.ts'

/** What a load shape needs of the outside. */
export type LoadContext = {
  now: () => Ns
  /** Sends request `index` for `client`; resolves when it has ended. */
  send: (index: number, client: number, scheduled: Ns) => Promise<void>
  signal: AbortSignal
}

/** Decides when requests are sent. */
export interface LoadShape {
  /** Sends `requests` requests in all (infinitely many: until the signal) and resolves when the last has ended. */
  drive(requests: number, context: LoadContext): Promise<void>
}
