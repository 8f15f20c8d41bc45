import type { Rate } from '../domain/cell.ts'
import type { Ns } from '../domain/timeline.ts'
import { meanGapNs } from './gap.ts'
import { renewal } from './renewal.ts'

/** Gaps of a gamma distribution with the rate's mean and the coefficient of variation that is asked for: shape 1 / variation^2. */
export function gammaArrivals(
  { ratePerSecond, variation }: { ratePerSecond: Rate; variation: number },
  random: () => number,
): Generator<Ns> {
  const shape = 1 / variation ** 2
  const scale = meanGapNs(ratePerSecond) / shape
  return renewal(() => scale * gamma(shape, random))
}

/**
 * A draw of the gamma distribution with scale 1. G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables",
 * ACM Transactions on Mathematical Software 26 (2000) 363-372; for a shape below 1 as its section 6 says.
 */
export function gamma(shape: number, random: () => number): number {
  // exp and log, not **: V8 computes them alike on every machine.
  if (shape < 1) return gamma(shape + 1, random) * Math.exp(Math.log(1 - random()) / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) * (1 + c * x) * (1 + c * x)
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** A draw of the standard normal distribution: G. E. P. Box, M. E. Muller (1958); of its two the second is not kept. */
function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}
