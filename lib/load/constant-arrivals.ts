import type { Rate } from '../domain/cell.ts'
import type { Ns } from '../domain/timeline.ts'
import { meanGapNs } from './gap.ts'

/** At equal distances; each is computed from the start, so that nothing adds up. */
export function* constantArrivals({ ratePerSecond }: { ratePerSecond: Rate }): Generator<Ns> {
  const gap = meanGapNs(ratePerSecond)
  for (let index = 0; ; index += 1) yield Math.round(index * gap)
}
