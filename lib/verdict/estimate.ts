import { randomSequence } from '../domain/seeded.ts'
import type { ChangeInterval, Estimate } from '../domain/verdict.ts'
import { mean } from '../stats/mean.ts'
import { meanInterval } from '../stats/mean-interval.ts'
import { studentisedBootstrap, studentisedBootstrapDifference } from '../stats/studentised-bootstrap.ts'
import { welchInterval } from '../stats/welch-interval.ts'
import type { ChangeScale } from './change-scale.ts'
import { promptInterval } from './prompt-intervals.ts'

/** How sure an estimate has to be, and from where its bootstrap draws. */
export type Sureness = { levels: { interval: number; equivalence: number }; seed: number }

/** As many as STATISTICS of the design has it, and more for levels that so few cannot tell: ten beyond each end. */
const resamplesAt = (confidence: number): number => Math.max(9999, Math.ceil(20 / (1 - confidence)) + 1)

type Bounds = { low: number; high: number }

const shown = ({ low, high }: Bounds, confidence: number, scale: ChangeScale): ChangeInterval => ({
  low: scale.value(low),
  high: scale.value(high),
  confidence,
})

/** A change and its two intervals. */
export type Intervals = Pick<Estimate, 'scale' | 'change' | 'interval' | 'equivalence'>

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
  const check = studentisedBootstrap(places, bootstrap({ confidence: sure.levels.interval, seed: sure.seed }))
  return {
    ...intervals,
    ...(check !== undefined && { check: shown(check, sure.levels.interval, scale) }),
    of: 'blocks',
    n: places.length,
    pairing: 'paired',
  }
}

/** The difference of the means of arms that could not share a block, with Welch's intervals; `undefined` where either has fewer than two values. */
export function welchIntervals(
  { base, against }: { base: readonly number[]; against: readonly number[] },
  scale: ChangeScale,
  levels: Sureness['levels'],
): Intervals | undefined {
  const [interval, equivalence] = [levels.interval, levels.equivalence].map((level) =>
    welchInterval(base, against, level),
  )
  if (interval === undefined || equivalence === undefined) return undefined
  return {
    scale: scale.name,
    change: scale.value(interval.difference),
    interval: shown(interval, levels.interval, scale),
    equivalence: shown(equivalence, levels.equivalence, scale),
  }
}

/** The same with the bootstrap beside it. `n` is the smaller number of blocks. */
export function unpairedEstimate(
  { base, against }: { base: readonly number[]; against: readonly number[] },
  scale: ChangeScale,
  { levels, seed }: Sureness,
): Estimate | undefined {
  const intervals = welchIntervals({ base, against }, scale, levels)
  if (intervals === undefined) return undefined
  const check = studentisedBootstrapDifference(base, against, bootstrap({ confidence: levels.interval, seed }))
  return {
    ...intervals,
    ...(check !== undefined && { check: shown(check, levels.interval, scale) }),
    of: 'blocks',
    n: Math.min(base.length, against.length),
    pairing: 'unpaired',
  }
}

/**
 * Of a quality metric: the mean over chunks or prompts of what each shows, with the studentised bootstrap, which decides. Where all
 * prompts but a few show the same, no bootstrap can say how few of others would show something else: then Clopper and Pearson's bounds
 * can, as answers pass or not. `undefined` where neither can be had.
 */
export function sampledEstimate(
  places: readonly number[],
  of: 'chunks' | 'prompts',
  { scale, sure: { levels, seed } }: { scale: ChangeScale; sure: Sureness },
): Estimate | undefined {
  const both = [levels.interval, levels.equivalence]
  const isUniform = places.every((place) => place === places[0])
  const drawn =
    of === 'prompts' && isUniform
      ? [undefined]
      : both.map((confidence) => studentisedBootstrap(places, bootstrap({ confidence, seed })))
  const isDrawn = of === 'chunks' || drawn.every((each) => each !== undefined)
  const [interval, equivalence] = isDrawn ? drawn : both.map((confidence) => promptInterval(places, confidence))
  if (interval === undefined || equivalence === undefined) return undefined
  return {
    scale: scale.name,
    change: scale.value(mean(places)),
    interval: shown(interval, levels.interval, scale),
    equivalence: shown(equivalence, levels.equivalence, scale),
    of,
    n: places.length,
    pairing: 'paired',
  }
}

const bootstrap = ({ confidence, seed }: { confidence: number; seed: number }) => ({
  confidence,
  resamples: resamplesAt(confidence),
  random: randomSequence(seed),
})
