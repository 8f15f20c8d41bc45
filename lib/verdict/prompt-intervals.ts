import { shareInterval } from '../stats/share-interval.ts'

type Bounds = { low: number; high: number }

/**
 * What is said of prompts where a bootstrap says nothing: that too few of them show something else than the others is the usual case
 * where checks pass or not. `places` are differences of shares, from -1 to 1.
 */
export function promptInterval(places: readonly number[], confidence: number): Bounds | undefined {
  const [first] = places
  if (first === undefined || places.some((place) => Math.abs(place) > 1)) return undefined
  return places.every((place) => place === first)
    ? uniformInterval(first, places.length, confidence)
    : changedInterval(places, confidence)
}

/** None of n was another: of all, no more than Clopper and Pearson's bound are. */
function uniformInterval(place: number, n: number, confidence: number): Bounds {
  const others = shareInterval(0, n, confidence).high
  return { low: place - others, high: place + others }
}

/**
 * The mean is at most the share of prompts that B does better, less the share that it loses altogether, and at least the share that it
 * gains altogether, less that which it does worse: each by Clopper and Pearson, and both at half the error where both are in doubt.
 */
function changedInterval(places: readonly number[], confidence: number): Bounds {
  const count = (is: (place: number) => boolean) => places.filter(is).length
  const [gained, lost] = [count((place) => place === 1), count((place) => place === -1)]
  const [better, worse] = [count((place) => place > 0), count((place) => place < 0)]
  const sure = (certain: number) => (certain === 0 ? confidence : 1 - (1 - confidence) / 2)
  const share = (some: number, certain: number) => shareInterval(some, places.length, sure(certain))
  return {
    low: share(gained, gained).low - share(worse, gained).high,
    high: share(better, lost).high - share(lost, lost).low,
  }
}
