import type { LoadShape } from '../domain/load-shape.ts'
import type { Ns } from '../domain/timeline.ts'
import { inWhole, type Share, wholeLoad } from './share.ts'

type Options = {
  /** Over how long the clients begin, those of the other processes among them. */
  spread: Ns
  share: Share
}

/**
 * Each of `clients` sends its next request as soon as its last one has ended; together they send `requests`. A request is
 * scheduled for the moment in which its client became free. The clients begin evenly over `spread`, as exactly as a timer has
 * it, so that they do not go in step.
 */
export function closedLoop(clients: number, { spread, share }: Options = { spread: 0, share: wholeLoad }): LoadShape {
  return {
    async drive(requests, { now, send, signal, sleepUntil }) {
      const start = now()
      const begin = (client: number) => start + Math.round((inWhole(client, share) * spread) / (clients * share.parts))
      const working = Math.min(clients, requests)
      let next = 0
      let yetToBegin = working // one request is kept for each of them
      const runClient = async (client: number) => {
        if (spread > 0) await sleepUntil(begin(client), signal)
        let scheduled = now()
        yetToBegin -= 1
        while (next + yetToBegin < requests && !signal.aborted) {
          const index = next
          next += 1
          await send({ index, client, scheduled, poolWait: 0 })
          scheduled = now()
        }
      }
      await Promise.all(Array.from({ length: working }, (_, client) => runClient(client)))
    },
  }
}
