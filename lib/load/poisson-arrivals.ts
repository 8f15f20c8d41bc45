import type { Rate } from '../domain/cell.ts'
import type { Ns } from '../domain/timeline.ts'
import { exponential, meanGapNs } from './gap.ts'
import { renewal } from './renewal.ts'

/** As of many users who know nothing of each other: exponential gaps. */
export function poissonArrivals({ ratePerSecond }: { ratePerSecond: Rate }, random: () => number): Generator<Ns> {
  const mean = meanGapNs(ratePerSecond)
  return renewal(() => mean * exponential(random))
}
