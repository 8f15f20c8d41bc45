import { mean, standardDeviation } from './mean.ts'
import { studentTQuantile } from './student-t.ts'

export type MeanInterval = { mean: number; low: number; high: number; n: number }

/**
 * A mean with its two-sided interval by Student's t; of a geometric mean through the logarithms of its (positive) values.
 * `confidence` is 0.95 unless said otherwise. `undefined` for fewer than two values: they do not say how much they vary.
 */
export function meanInterval(
  values: readonly number[],
  options: { mean: 'arithmetic' | 'geometric'; confidence?: number },
): MeanInterval | undefined {
  const n = values.length
  if (n < 2) return undefined
  const geometric = options.mean === 'geometric'
  const from = geometric ? values.map(Math.log) : values
  const back = geometric ? Math.exp : (value: number) => value
  const middle = mean(from)
  const t = studentTQuantile((1 + (options.confidence ?? 0.95)) / 2, n - 1)
  const half = (t * standardDeviation(from)) / Math.sqrt(n)
  return { mean: back(middle), low: back(middle - half), high: back(middle + half), n }
}
