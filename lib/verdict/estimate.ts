import { randomSequence } from '../domain/seeded.ts'
import type { ChangeInterval, Estimate } from '../domain/verdict.ts'
import { meanInterval } from '../stats/mean-interval.ts'
import { studentisedBootstrap, studentisedBootstrapDifference } from '../stats/studentised-bootstrap.ts'
import { welchInterval } from '../stats/welch-interval.ts'
import type { ChangeScale } from './change-scale.ts'

/** How sure an estimate has to be, and from where its bootstrap draws. */
export type Sureness = { levels: { interval: number; equivalence: number }; seed: number }

export const resamples = 9999

type Bounds = { low: number; high: number }

const shown = ({ low, high }: Bounds, confidence: number, scale: ChangeScale): ChangeInterval => ({
  low: scale.value(low),
  high: scale.value(high),
  confidence,
})

/** A change and its two intervals. */
type Intervals = Pick<Estimate, 'scale' | 'change' | 'interval' | 'equivalence'>

/** The mean of what each block shows, on the line of its scale, with Student's intervals; `undefined` for fewer than two blocks. */
export function studentIntervals(
  places: readonly number[],
  scale: ChangeScale,
  levels: Sureness['levels'],
): Intervals | undefined {
  const [interval, equivalence] = [levels.interval, levels.equivalence].map((confidence) =>
    meanInterval(places, { mean: 'arithmetic', confidence }),
  )
  if (interval === undefined || equivalence === undefined) return undefined
  return {
    scale: scale.name,
    change: scale.value(interval.mean),
    interval: shown(interval, levels.interval, scale),
    equivalence: shown(equivalence, levels.equivalence, scale),
  }
}

/** The change over blocks: Student's intervals, which decide, and the studentised bootstrap beside them, which checks. */
export function pairedEstimate(places: readonly number[], scale: ChangeScale, sure: Sureness): Estimate | undefined {
  const intervals = studentIntervals(places, scale, sure.levels)
  if (intervals === undefined) return undefined
  const check = studentisedBootstrap(places, bootstrap(sure))
  return {
    ...intervals,
    ...(check !== undefined && { check: shown(check, sure.levels.interval, scale) }),
    of: 'blocks',
    n: places.length,
    pairing: 'paired',
  }
}

/** The same of arms that could not share a block: Welch's t on their own values. `n` is the smaller number of blocks. */
export function unpairedEstimate(
  { base, against }: { base: readonly number[]; against: readonly number[] },
  scale: ChangeScale,
  sure: Sureness,
): Estimate | undefined {
  const { levels } = sure
  const [interval, equivalence] = [levels.interval, levels.equivalence].map((level) =>
    welchInterval(base, against, level),
  )
  if (interval === undefined || equivalence === undefined) return undefined
  const check = studentisedBootstrapDifference(base, against, bootstrap(sure))
  return {
    scale: scale.name,
    change: scale.value(interval.difference),
    interval: shown(interval, levels.interval, scale),
    equivalence: shown(equivalence, levels.equivalence, scale),
    ...(check !== undefined && { check: shown(check, levels.interval, scale) }),
    of: 'blocks',
    n: Math.min(base.length, against.length),
    pairing: 'unpaired',
  }
}

/**
 * Of a quality metric: the mean over chunks or prompts of what each shows, with the studentised bootstrap, which decides.
 * `undefined` where it cannot be had.
 */
export function sampledEstimate(
  places: readonly number[],
  of: 'chunks' | 'prompts',
  { scale, sure }: { scale: ChangeScale; sure: Sureness },
): Estimate | undefined {
  const { levels, seed } = sure
  const at = (confidence: number) =>
    studentisedBootstrap(places, { confidence, resamples, random: randomSequence(seed) })
  const [interval, equivalence] = [at(levels.interval), at(levels.equivalence)]
  const middle = meanInterval(places, { mean: 'arithmetic' })
  if (interval === undefined || equivalence === undefined || middle === undefined) return undefined
  return {
    scale: scale.name,
    change: scale.value(middle.mean),
    interval: shown(interval, levels.interval, scale),
    equivalence: shown(equivalence, levels.equivalence, scale),
    of,
    n: places.length,
    pairing: 'paired',
  }
}

const bootstrap = ({ levels, seed }: Sureness) => ({
  confidence: levels.interval,
  resamples,
  random: randomSequence(seed),
})
