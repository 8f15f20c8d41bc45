import type { Ns } from '../domain/timeline.ts'

/** Arrivals at independent gaps, in nanoseconds, from the first at 0. The sum is kept unrounded, so that a rate is kept. */
export function* renewal(gap: () => number): Generator<Ns> {
  for (let at = 0; ; at += gap()) yield Math.round(at)
}
