import { incompleteBeta } from './incomplete-beta.ts'
import { solveRising } from './solve-rising.ts'

/** P(|T| > t) of Student's t: Abramowitz and Stegun 26.7.1 with 26.5.27. */
function twoTails(t: number, degrees: number): number {
  const all = degrees + t * t
  return incompleteBeta(degrees / all, (t * t) / all, degrees / 2, 0.5)
}

/** P(T <= t) of Student's t distribution; `degrees` of freedom are above 0, whole or not. */
export function studentTCdf(t: number, degrees: number): number {
  const tail = twoTails(t, degrees) / 2
  return t > 0 ? 1 - tail : tail
}

/**
 * The quantile of Student's t distribution at probability `p` in (0, 1); `degrees` of freedom are above 0, whole or not.
 * Found by bisection of the distribution function; good to 1e-9 of its value up to a million degrees.
 */
export function studentTQuantile(p: number, degrees: number): number {
  if (p < 0.5) return -studentTQuantile(1 - p, degrees)
  if (p === 0.5) return 0
  return solveRising((t) => -twoTails(t, degrees), -2 * (1 - p))
}
