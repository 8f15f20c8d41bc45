import { solveRising } from './solve-rising.ts'

const near = 3
/** From here on 1 less the tail is 1. */
const certain = 8.3

/**
 * P(Z <= z) of the standard normal distribution, good to 15 digits, in the lower tail of its value: near 0 the series 26.2.11
 * of Abramowitz and Stegun, farther out the continued fraction 26.2.14.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (z > near) return z > certain ? 1 : 1 - upperTail(z)
  return z < -near ? upperTail(-z) : 0.5 + density(z) * series(z)
}

/** The quantile of the standard normal distribution at probability `p` in (0, 1). */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0
  return p > 0.5 ? -normalQuantile(1 - p) : -solveRising((z) => -normalCdf(-z), -p)
}

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

function series(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return sum
}

// Far more steps than the 15 digits need at 3, where it converges most slowly.
function upperTail(z: number): number {
  let fraction = z
  for (let step = 40; step > 0; step -= 1) fraction = z + step / fraction
  return density(z) / fraction
}
