import type { Arrivals, OpenLoad } from '../domain/cell.ts'
import { randomSequence } from '../domain/seeded.ts'
import type { Ns } from '../domain/timeline.ts'
import { burstArrivals } from './burst-arrivals.ts'
import { constantArrivals } from './constant-arrivals.ts'
import { gammaArrivals } from './gamma-arrivals.ts'
import { poissonArrivals } from './poisson-arrivals.ts'
import { rampArrivals } from './ramp-arrivals.ts'
import { traceArrivals } from './trace-arrivals.ts'

/** Whole nanoseconds from the start of a load, rising, the first 0; drawn one by one, so that many take no memory. */
export type Schedule = Iterable<Ns>
type Draw<A> = (load: A, random: () => number) => Schedule

/** A new shape of arrivals is one file and one line here. */
const shapes = {
  constant: constantArrivals,
  poisson: poissonArrivals,
  gamma: gammaArrivals,
  burst: burstArrivals,
  ramp: rampArrivals,
  trace: traceArrivals,
} satisfies { [Kind in Arrivals['kind']]: Draw<Extract<OpenLoad, { kind: Kind }>> }

/**
 * When the requests of an open load are sent, to its end: equal for equal seeds on every machine. What a duration no longer
 * reaches is no part of it.
 */
export function* arrivalsOf(load: OpenLoad, seed: number): Generator<Ns> {
  const draw = shapes[load.kind] as Draw<OpenLoad>
  const most = 'requests' in load ? load.requests : Number.POSITIVE_INFINITY
  const endNs = 'durationMs' in load ? load.durationMs * 1e6 : Number.POSITIVE_INFINITY
  let drawn = 0
  for (const offset of draw(load, randomSequence(seed))) {
    if (drawn >= most || offset >= endNs) return
    drawn += 1
    yield offset
  }
}

/** Draws a trial's arrivals: equal for the arms of a block, different from block to block, and for each seed of the load. */
export const arrivalSeed = (loadSeed: number, orderSeed: number): number =>
  (Math.imul(loadSeed ^ 0x2545f491, 0x85ebca6b) ^ orderSeed) >>> 0
