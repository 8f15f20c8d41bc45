import type { ChartRow } from './chart.ts'
import type { Words } from './words.ts'

/** The axis of a chart's values: what a template calls `$scale`, `$zero`, `$least` and `$most`. */
export type ValueAxis = { scale: 'linear' | 'log'; zero: boolean; least: number; most: number }

/**
 * The axis that `values` need, with room for the label of the largest: from zero, logarithmic from a range of 30 upwards.
 * Where all values are zero it ends at 1. `intervalEnd` is how far intervals reach; one that reaches far beyond everything else does not make the rest small.
 */
export function axisOf(values: readonly number[], intervalEnd = 0): ValueAxis {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (low > 0 && high / low >= 30) return { scale: 'log', zero: false, least: low / 2, most: high * 2.5 }
  const end = Math.min(2 * high, Math.max(high, intervalEnd))
  return { scale: 'linear', zero: true, least: 0, most: (end || 1) * 1.1 }
}

/** An axis around `values` for what matters in its differences, far from zero. */
export function closeAxis(values: readonly number[]): ValueAxis {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high > low ? high - low : Math.abs(high) * 0.01 || 1
  return { scale: 'linear', zero: false, least: low - 0.2 * span, most: high + 0.25 * span }
}

/** Where on its axis a value stands, from 0 to 1. */
export function shareOf({ scale, least, most }: ValueAxis, value: number): number {
  if (scale === 'linear') return (value - least) / (most - least)
  return Math.log(value / least) / Math.log(most / least)
}

/** Where lines of `axis` stand: a logarithmic one would else draw one for each digit. */
export function ticksOf({ scale, least, most }: ValueAxis): number[] {
  const decades = Math.log10(most / least)
  if (scale === 'log') return steps(least, most, decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5])
  const raw = (most - least) / 5
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = unit * (raw / unit >= 5 ? 10 : raw / unit >= 2 ? 5 : raw / unit >= 1 ? 2 : 1)
  const first = Math.ceil(least / step)
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, at) => rounded((first + at) * step))
}

function steps(least: number, most: number, digits: readonly number[]): number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.floor(Math.log10(most))]
  const all = Array.from({ length: last - first + 1 }, (_, at) =>
    digits.map((digit) => rounded(digit * 10 ** (first + at))),
  )
  return all.flat().filter((value) => value >= least && value <= most)
}

const rounded = (value: number) => Number(value.toPrecision(12))

/** That an axis is logarithmic, and what that means. */
export function logNotes(words: Words, log: boolean): { short: string[]; reading: string[] } {
  return log ? { short: [words('chart.log-short')], reading: [words('chart.log')] } : { short: [], reading: [] }
}

/** What a caption says of `axis`: that it is logarithmic, and that intervals of `rows` do not end where it ends. */
export function axisNotes(words: Words, { scale, least, most }: ValueAxis, rows: readonly ChartRow[]): string[] {
  const ends = rows.flatMap((row) => [row['low'], row['high']]).filter((end) => typeof end === 'number')
  return [
    ...(scale === 'log' ? [words('chart.log')] : []),
    ...(ends.some((end) => end < least || end > most) ? [words('chart.beyond')] : []),
  ]
}

/** `rows` with intervals, and the labels behind them, ending where `axis` ends. */
export function rowsWithin(rows: readonly ChartRow[], { least, most }: ValueAxis): ChartRow[] {
  const within = (value: number) => Math.min(most, Math.max(least, value))
  return rows.map((row) => {
    const ends = ['low', 'high', 'end', 'last'].flatMap((name) => {
      const value = row[name]
      return typeof value === 'number' ? [[name, within(value)]] : []
    })
    return { ...row, ...Object.fromEntries(ends) }
  })
}
