import type { LoadShape } from '../domain/load-shape.ts'

/**
 * Each of `clients` sends its next request as soon as its last one has ended; together they send `requests`. A request is
 * scheduled for the moment in which its client became free.
 */
export function closedLoop(clients: number): LoadShape {
  return {
    async drive(requests, { now, send, signal }) {
      let next = 0
      const runClient = async (client: number) => {
        while (next < requests && !signal.aborted) {
          const index = next
          next += 1
          await send({ index, client, scheduled: now(), poolWait: 0 })
        }
      }
      await Promise.all(Array.from({ length: Math.min(clients, requests) }, (_, client) => runClient(client)))
    },
  }
}
