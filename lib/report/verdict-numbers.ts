import { isShare } from '../domain/compared-metric.ts'
import type { Metric } from '../domain/metric.ts'
import type { ChangeInterval, Estimate, MetricComparison, Scale } from '../domain/verdict.ts'
import { decimalsOf, fixed, inShownUnit, percent, shownUnit, thinSpace } from './numbers.ts'
import type { Words } from './words.ts'

/** By how much B differs from A, as a verdict says it. */
export type ChangeTexts = {
  /** `7.4 %`: without its sign. */
  size: string
  /** `+7.4 %` */
  signed: string
  /** Of what `size` is of: `5.1 to 9.8`, both without a sign where the interval excludes 0. */
  sizes: string
  /** `0.3 to 1.1`, `−1.1 to −0.3`; with both signs where they differ: `−1.0 to +6.2`. */
  range: string
  /** The same with its unit. */
  rangeWithUnit: string
}

/** In what a change is shown: percent of A; of shares points; else the metric's own unit. */
export function changeUnit(metric: Metric, scale: Scale, words: Words, n = 2): string {
  if (scale === 'ratio') return '%'
  return isShare(metric) ? words('verdict.points', { n }) : shownUnit(metric)
}

/** A ratio or a difference as it is shown: 0 is no change. */
export function changeValue(metric: Metric, scale: Scale, change: number): number {
  if (scale === 'ratio') return 100 * (change - 1)
  return isShare(metric) ? 100 * change : inShownUnit(metric, change)
}

type Of = Pick<MetricComparison, 'metric' | 'margin'> & { estimate: Pick<Estimate, 'scale' | 'change'> }

/** `change` and one of its intervals, with the digits that the interval warrants. */
export function changeTexts({ metric, margin, estimate }: Of, interval: ChangeInterval, words: Words): ChangeTexts {
  const { scale, change } = estimate
  const shown = (value: number) => changeValue(metric, scale, value)
  const ends = [shown(interval.low), shown(interval.high)] as const
  const value = shown(change)
  const bounds = [0, ...marginEnds(margin, scale).map(shown)]
  const decimals = decimalsFor(value, ends, bounds)
  const unit = changeUnit(metric, scale, words)
  const withUnit = (text: string) => (unit === '' ? text : `${text}${thinSpace}${unit}`)
  const number = (each: number) => fixed(each, decimals).replace('Infinity', '∞')
  const plain = (each: number) => number(Math.abs(each))
  const signed = (each: number) => `${each > 0 ? '+' : ''}${number(each)}`
  const straddles = ends[0] < 0 && ends[1] > 0
  const range = words('range', endsOf(ends, straddles ? signed : number))
  const falls = ends[1] <= 0
  return {
    size: withUnit(plain(value)),
    signed: withUnit(signed(value)),
    sizes: straddles ? range : words('range', endsOf(falls ? [ends[1], ends[0]] : ends, plain)),
    range,
    rangeWithUnit: withUnit(range),
  }
}

const endsOf = ([low, high]: readonly [number, number], text: (end: number) => string) => ({
  low: text(low),
  high: text(high),
})

/** A ratio's margin of 2 % reaches from 1 / 1.02 to 1.02. */
export const marginEnds = (margin: number, scale: Scale) =>
  scale === 'ratio' ? [1 / (1 + margin), 1 + margin] : [-margin, margin]

// Equal values have a width of this order: the rounding of sums and logarithms, not an uncertainty.
const rounding = 1e-9
const mostMore = 3

/** Two significant digits of half its width, but below 10 at most one decimal more than one digit needs; more where an end would seem to be a bound. */
function decimalsFor(value: number, [low, high]: readonly [number, number], bounds: readonly number[]): number {
  const half = (high - low) / 2
  if (!(half > rounding * Math.max(1, Math.abs(value)))) return Math.min(2, decimalsOf(value, 3))
  const least = Math.min(decimalsOf(half, 2), Math.max(1, decimalsOf(half, 1)))
  const hides = (decimals: number) =>
    [low, high].some((end) => bounds.some((bound) => end !== bound && fixed(end, decimals) === fixed(bound, decimals)))
  const more = Array.from({ length: mostMore }, (_, by) => least + by).find((decimals) => !hides(decimals))
  return more ?? least
}

/** `2 %`: a margin as it was declared. */
export function marginText(
  { metric, margin }: Pick<MetricComparison, 'metric' | 'margin'>,
  scale: Scale,
  words: Words,
) {
  const value = scale === 'ratio' ? 100 * margin : changeValue(metric, scale, margin)
  const shown = Number(value.toPrecision(6))
  return [String(shown), changeUnit(metric, scale, words, shown)].filter((part) => part !== '').join(thinSpace)
}

/** `3.1 %`: a noise floor, as measured. */
export function floorText(metric: Metric, floor: number, scale: Scale, words: Words): string {
  if (scale === 'ratio') return percent(floor)
  return marginText({ metric, margin: Number(floor.toPrecision(2)) }, scale, words)
}

/**
 * `95 % CI`, or `simultaneous 95 % CI` of an interval that is one of several: each of them has a higher level, so that all together hold
 * with this one. `level`: that which they have together.
 */
export function confidenceName(
  { confidence }: Pick<ChangeInterval, 'confidence'>,
  level: number,
  words: Words,
): string {
  const isOneOfSeveral = confidence > level + 1e-9
  return words(isOneOfSeveral ? 'verdict.ci-simultaneous' : 'verdict.ci', { level: levelText(level) })
}

/** `95 %`, `99.17 %`. */
export const levelText = (level: number): string => `${Number((100 * level).toFixed(2))}${thinSpace}%`
