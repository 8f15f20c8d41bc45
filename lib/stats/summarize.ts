import { quantile } from './quantile.ts'

export type Summary = { n: number; median: number; p90?: number; p95?: number; p99?: number }

/** Number, median and upper percentiles of exact samples, of which there is at least one; a percentile that needs more is left out. */
export function summarize(samples: readonly number[]): Summary {
  const ascending = Float64Array.from(samples).toSorted()
  const [median, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((q) => quantile(ascending, q))
  return {
    n: samples.length,
    median: median as number,
    ...(p90 !== undefined && { p90 }),
    ...(p95 !== undefined && { p95 }),
    ...(p99 !== undefined && { p99 }),
  }
}
