import { formatLocale } from 'd3-format'
import { metrics, type Metric } from '../domain/metric.ts'

/** Between thousands, and between a number and its sign of percent: thin, and no place to break a line. */
export const thinSpace = '\u202f'
/** What stands where there is no number; its reason goes beside it. */
export const missing = '–'
/** For d3-format and for the axes of charts: nothing depends on where a report is rendered. */
export const numberLocale = {
  decimal: '.',
  thousands: thinSpace,
  grouping: [3],
  currency: ['$', ''] as [string, string],
}
const locale = formatLocale(numberLocale)

/** `value` with so many decimals. */
export function fixed(value: number, decimals: number): string {
  return locale.format(`,.${decimals}f`)(value)
}

/** `value` with `digits` significant digits; digits before the point are never rounded away. */
export function significant(value: number, digits = 3): string {
  return fixed(value, decimalsOf(value, digits))
}

/** A rate with the digits that it was set with, up to three significant ones. */
export function shownRate(value: number): string {
  return Number.isInteger(value) ? fixed(value, 0) : significant(value)
}

/** How many decimals show two significant digits of an uncertainty. */
export function decimalsOfUncertainty(uncertainty: number): number {
  return decimalsOf(uncertainty, 2)
}

/** How many decimals show so many significant digits of `value`. */
export function decimalsOf(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  const exponent = Number(value.toExponential(digits - 1).split('e')[1])
  return Math.min(20, Math.max(0, digits - 1 - exponent))
}

/** A share of 1 as percent: two significant digits below 100 %. */
export function percent(share: number): string {
  const hundredths = 100 * share
  const text = Math.abs(hundredths) < 0.01 ? `<${thinSpace}0.01` : significant(hundredths, 2)
  return `${text}${thinSpace}%`
}

const binary = { bytes: { divisor: 2 ** 20, unit: 'MiB' } } as const
// Settled by the weights and the text alone, not by timing: one more digit means something.
const steady: readonly Metric[] = ['perplexity', 'effective_bpw']

/** The unit in which a report shows `metric`: bytes as MiB. */
export function shownUnit(metric: Metric): string {
  const { unit } = metrics[metric]
  return unit === 'bytes' ? binary.bytes.unit : unit
}

/** A value of `metric` in `shownUnit`. */
export function inShownUnit(metric: Metric, value: number): number {
  return metrics[metric].unit === 'bytes' ? value / binary.bytes.divisor : value
}

// Equal values have a width of this order: the rounding of sums and logarithms, not an uncertainty.
const rounding = 1e-9
// An interval of two wild launches is no longer about as wide below as above: it is a factor.
const wide = 2

export type ShownValue = {
  text: string
  /** `± 2.1` in the same unit, `×÷ 3.4` of a wide interval, or nothing. */
  half: string
}

/**
 * A value of `metric` as a table shows it. With an interval, two significant digits of its half width decide how many
 * decimals are shown (where it is wider than twice and half the value, its factor stands instead); without one, three
 * significant digits (four of what timing does not touch).
 */
export function shownValue(metric: Metric, value: number, interval?: { low: number; high: number }): ShownValue {
  const inUnit = inShownUnit(metric, value)
  const half = interval === undefined ? 0 : inShownUnit(metric, (interval.high - interval.low) / 2)
  const factor = interval !== undefined && interval.low > 0 ? Math.sqrt(interval.high / interval.low) : 1
  if (factor > wide) return { text: significant(inUnit, 2), half: `×÷${thinSpace}${significant(factor, 2)}` }
  if (half > rounding * Math.abs(inUnit)) {
    const decimals = decimalsOfUncertainty(half)
    return { text: fixed(inUnit, decimals), half: `±${thinSpace}${fixed(half, decimals)}` }
  }
  return { text: significant(inUnit, steady.includes(metric) ? 4 : 3), half: '' }
}

/** `12.3 MiB`, `1.2 GiB`: bytes in running text. */
export function shownBytes(bytes: number): string {
  const mebibytes = bytes / binary.bytes.divisor
  return mebibytes < 1024 ? `${significant(mebibytes)} MiB` : `${significant(mebibytes / 1024)} GiB`
}

/** `2026-11-20 12:34:56 UTC` of milliseconds since 1970: the same in every time zone. */
export function shownTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `2026-11-20`. */
export function shownDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
