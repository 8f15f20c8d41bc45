import type { Metric } from '../domain/metric.ts'
import type { CellValue } from './evidence.ts'

/** A value as far as it is known. */
export type Measured = { value: number; low: number; high: number; valid: boolean }

// Settled by the weights and the text: one launch tells them, to about the digits that are shown.
const settled: readonly Metric[] = ['perplexity', 'effective_bpw', 'model_bytes']
const digits = 1e-4

/** How far `found` is known: by its interval; without one not at all, unless timing does not touch it. */
export function measuredOf(metric: Metric, { value, interval, valid }: CellValue): Measured {
  const near = { low: value * (1 - digits), high: value * (1 + digits) }
  const unknown = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return { value, valid, ...(settled.includes(metric) ? near : (interval ?? unknown)) }
}

/** The best of `all` with what its interval does not tell from it, of valid values only; empty where that is every one. */
export function bestOf(all: readonly Measured[], better: 'higher' | 'lower' | 'neither'): ReadonlySet<Measured> {
  const valid = all.filter((each) => each.valid)
  const sign = better === 'higher' ? -1 : 1
  const [first] = valid.toSorted((a, b) => sign * (a.value - b.value))
  if (better === 'neither' || first === undefined) return new Set()
  const best = valid.filter(({ low, high }) => low <= first.high && high >= first.low)
  return new Set(best.length < valid.length ? best : [])
}
