import { mean, standardDeviation } from './mean.ts'
import { studentTQuantile } from './student-t.ts'

export type WelchInterval = { difference: number; low: number; high: number; degrees: number }

/**
 * The mean of `b` less that of `a`, two samples that have nothing to do with each other, with its two-sided interval: Welch,
 * "The generalization of Student's problem when several different population variances are involved" (1947), degrees of
 * freedom by Satterthwaite. `confidence` is a share, as 0.95. `undefined` where either has fewer than two values.
 */
export function welchInterval(
  a: readonly number[],
  b: readonly number[],
  confidence: number,
): WelchInterval | undefined {
  if (a.length < 2 || b.length < 2) return undefined
  const difference = mean(b) - mean(a)
  const errors = [a, b].map((values) => standardDeviation(values) ** 2 / values.length) as [number, number]
  const square = errors[0] + errors[1]
  if (square === 0) return { difference, low: difference, high: difference, degrees: a.length + b.length - 2 }
  const degrees = square ** 2 / (errors[0] ** 2 / (a.length - 1) + errors[1] ** 2 / (b.length - 1))
  const half = studentTQuantile((1 + confidence) / 2, degrees) * Math.sqrt(square)
  return { difference, low: difference - half, high: difference + half, degrees }
}
