import type { LoadConfig } from '../domain/cell.ts'
import type { LoadShape } from '../domain/load-shape.ts'
import type { Ns } from '../domain/timeline.ts'
import { arrivalsOf } from './arrivals.ts'
import { closedLoop } from './closed-loop.ts'
import { openLoop } from './open-loop.ts'
import { type Share, shareOf, shareOfArrivals } from './share.ts'

type Options = {
  /** Draws arrivals. */
  seed: number
  /** Over how long the clients of a closed loop begin. */
  spread: Ns
  /** What of the load this process drives. */
  share: Share
}

/** The load shape that a cell asks for. */
export function loadShapeOf(load: LoadConfig, { seed, spread, share }: Options): LoadShape {
  const clients = shareOf(load.clients, share)
  if (load.kind === 'closed') return closedLoop(clients, { spread, share })
  return openLoop(shareOfArrivals(arrivalsOf(load, seed), share), clients)
}
