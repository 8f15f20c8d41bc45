import type { LoadContext, LoadShape } from '../domain/load-shape.ts'
import type { Schedule } from './arrivals.ts'
import { ClientPool } from './client-pool.ts'

/**
 * Sends each request at the moment that was drawn for it, whether or not those before it have ended. One that finds all
 * clients at work waits in order. After the signal those that were due are let go all the same, so that each leaves a row.
 */
export function openLoop(schedule: Schedule, clients: number): LoadShape {
  return {
    async drive(requests, context) {
      const { now, signal } = context
      const start = now()
      const pool = new ClientPool(clients, start)
      const underWay = new Set<Promise<void>>()
      let index = 0
      for (const offset of schedule) {
        if (index >= requests) break
        const scheduled = start + offset
        if (now() < scheduled) await context.sleepUntil(scheduled, signal)
        if (signal.aborted && now() < scheduled) break
        await pool.free(signal)
        const sent = sendFrom(pool, { index, scheduled, clients, context })
        underWay.add(sent)
        void sent.then(() => underWay.delete(sent))
        index += 1
      }
      await Promise.all(underWay)
    },
  }
}

type Due = { index: number; scheduled: number; clients: number; context: LoadContext }

async function sendFrom(pool: ClientPool, { index, scheduled, clients, context }: Due): Promise<void> {
  const { now, send } = context
  const taken = pool.take(scheduled)
  // Its time was over before it got a client.
  if (taken === undefined) return send({ index, scheduled, client: index % clients, poolWait: now() - scheduled })
  await send({ index, scheduled, ...taken })
  pool.give(taken.client, now())
}
