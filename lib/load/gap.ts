import type { Rate } from '../domain/cell.ts'

/**
 * Nanoseconds between two arrivals on average. `auto` has become a number before a plan is frozen: one that still says so here
 * is a bug.
 */
export function meanGapNs(ratePerSecond: Rate): number {
  if (ratePerSecond === 'auto') throw new Error('the rate of this load was not found before it was planned')
  return 1e9 / ratePerSecond
}

/** A draw of the exponential distribution with mean 1, by inversion. `random` is in [0, 1), so that the logarithm is finite. */
export const exponential = (random: () => number): number => -Math.log(1 - random())
