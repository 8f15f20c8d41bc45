import type { PreparedJob } from '../domain/backend.ts'
import { shuffled } from '../domain/seeded.ts'

export type OrderOptions = {
  jobs: readonly Pick<PreparedJob, 'follows'>[]
  /** `listed`: as they stand; `shared`: one shuffled order for all clients; `client`: each has all, in an order of its own. */
  kind: 'listed' | 'shared' | 'client'
  seed: number
  /** Of so many processes that share the clients of a load this is the one with that place, from 0. */
  part?: number
  parts?: number
}

/** Says which job comes next, of one phase of a trial. */
export type RequestOrder = {
  /** The job of a client's next request; `index` counts the phase's requests over all clients, `client` all of the load's. */
  next: (client: number, index: number) => number
  /** A turn has failed, so there is no answer to go on from: the client takes its next conversation. */
  abandon: (client: number) => void
}

/**
 * Puts jobs in order. Request `index` is the job in the order's place `index`, modulo their number. Where there are
 * conversations a client sends the turns of one, one after the other, before it takes the next; the processes of a load take
 * turns, so that no two begin with the same. The same seed gives the same order.
 */
export function requestOrder(options: OrderOptions): RequestOrder {
  const { jobs, kind, seed } = options
  const begins = [...jobs.keys()].filter((job) => jobs[job]?.follows !== true)
  if (kind === 'client') return orderByClient(jobs, (client) => rounds(shuffled(begins, seedOf(seed, client))))
  const order = kind === 'shared' ? shuffled(begins, seed) : begins
  if (begins.length === jobs.length)
    return { next: (_, index) => order[index % order.length] as number, abandon: () => {} }
  const shared = rounds(order, options)
  return orderByClient(jobs, () => shared)
}

type Rounds = () => number

/** Each item in turn, again and again; of several parts each has its own. */
function rounds(items: readonly number[], { part = 0, parts = 1 }: Pick<OrderOptions, 'part' | 'parts'> = {}): Rounds {
  let taken = part
  return () => {
    const item = items[taken % items.length] as number
    taken += parts
    return item
  }
}

/** Goes on with what a client has begun, and takes its next beginning where that has ended. */
function orderByClient(jobs: OrderOptions['jobs'], beginnings: (client: number) => Rounds): RequestOrder {
  const last = new Map<number, number>()
  const own = new Map<number, Rounds>()
  return {
    next(client) {
      const before = last.get(client)
      const follows = before !== undefined && jobs[before + 1]?.follows === true
      const take = own.get(client) ?? beginnings(client)
      own.set(client, take)
      const job = follows ? before + 1 : take()
      last.set(client, job)
      return job
    },
    abandon: (client) => void last.delete(client),
  }
}

/** Far apart for neighbours. */
const seedOf = (seed: number, client: number) => (seed ^ Math.imul(client + 1, 0x85eb_ca6b)) >>> 0
