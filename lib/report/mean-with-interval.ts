import { meanInterval } from '../stats/mean-interval.ts'

/** The mean of at least one value; its 95 % interval where there are two. A geometric mean with a zero in it is zero, without one. */
export function meanWithInterval(
  values: readonly number[],
  mean: 'arithmetic' | 'geometric',
): { value: number; interval?: { low: number; high: number } } {
  if (mean === 'geometric' && values.some((value) => value <= 0)) return { value: 0 }
  const several = meanInterval(values, { mean })
  if (several === undefined) return { value: values[0] ?? Number.NaN }
  return { value: several.mean, interval: { low: several.low, high: several.high } }
}
