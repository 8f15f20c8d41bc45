import { normalCdf } from './normal.ts'
import { meanOverDeviation } from './over-deviation.ts'
import { studentTQuantile } from './student-t.ts'

/** What the mean of so many independent normal values is asked to show; all on one scale, as logarithms of ratios. */
export type PowerOptions = {
  /** The true mean. */
  effect: number
  /** The true standard deviation of one value. */
  deviation: number
  /** How many values there are; fewer than 2 show nothing. */
  blocks: number
  /** The level of the two-sided interval, a share as 0.95. */
  confidence: number
}
export type MarginPowerOptions = PowerOptions & { margin: number }

/** The probability that Student's interval excludes 0, on whichever side. */
export function powerDetect(options: PowerOptions): number {
  return powerBeyond({ ...options, margin: 0 })
}

/** The probability that Student's interval lies wholly beyond the margin, on whichever side. */
export function powerBeyond({ effect, margin, ...options }: MarginPowerOptions): number {
  return averaged(
    options,
    (half, scaled) => normalCdf(scaled(effect - margin) - half) + normalCdf(scaled(-effect - margin) - half),
  )
}

/** The probability that Student's interval lies inside the margin: of two one-sided tests, where `confidence` is theirs. */
export function powerWithin({ effect, margin, ...options }: MarginPowerOptions): number {
  return averaged(options, (half, scaled) =>
    Math.max(0, normalCdf(scaled(margin - effect) - half) + normalCdf(scaled(margin + effect) - half) - 1),
  )
}

/**
 * The probability that one of the two is the case: the interval excludes 0, or the one of `equivalence`, its level, lies inside
 * the margin.
 */
export function powerDecide({ equivalence, ...options }: MarginPowerOptions & { equivalence: number }): number {
  const { effect, margin, blocks } = options
  if (blocks < 2) return 0
  const [wide, narrow] = [options.confidence, equivalence].map((level) => criticalT(level, blocks)) as [number, number]
  return averaged(options, (half, scaled) => {
    const inner = (half * narrow) / wide
    const [low, high] = [scaled(-effect) - half, scaled(-effect) + half]
    const [from, to] = [scaled(-margin - effect) + inner, scaled(margin - effect) - inner]
    // The means that leave it open: between the two sets.
    const below = Math.max(0, normalCdf(Math.min(from, high)) - normalCdf(low))
    const above = Math.max(0, normalCdf(high) - normalCdf(Math.max(to, low)))
    return from >= to ? 1 - (normalCdf(high) - normalCdf(low)) : 1 - below - above
  })
}

/**
 * The smallest number of values that reaches a power, a share as 0.8, by a function that does not fall as they become more;
 * `undefined` where `most` of them do not.
 */
export function blocksNeeded(
  powerOf: (blocks: number) => number,
  { power, most }: { power: number; most: number },
): number | undefined {
  let enough = 2
  while (enough < most && powerOf(enough) < power) enough = Math.min(most, enough * 2)
  if (powerOf(enough) < power) return undefined
  let tooFew = Math.max(1, Math.floor(enough / 2))
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (powerOf(middle) < power) tooFew = middle
    else enough = middle
  }
  return enough
}

/**
 * The mean over what the sample's deviation may be. `half` is the half width of the interval that it gives, in standard errors;
 * `scaled` gives a distance in standard errors.
 */
function averaged(
  { deviation, blocks, confidence }: Pick<PowerOptions, 'deviation' | 'blocks' | 'confidence'>,
  of: (half: number, scaled: (distance: number) => number) => number,
): number {
  if (blocks < 2) return 0
  const error = deviation / Math.sqrt(blocks)
  // What never varies has no half width, and what lies on the edge is not beyond it.
  const scaled = (distance: number) => (error > 0 ? distance / error : distance > 0 ? Infinity : -Infinity)
  const t = criticalT(confidence, blocks)
  return meanOverDeviation(blocks - 1, (s) => of(t * s, scaled))
}

const criticalT = (confidence: number, blocks: number) => studentTQuantile((1 + confidence) / 2, blocks - 1)
