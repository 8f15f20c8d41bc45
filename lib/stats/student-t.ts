import { incompleteBeta } from './incomplete-beta.ts'

/** P(|T| > t) of Student's t: Abramowitz and Stegun 26.7.1 with 26.5.27. */
function twoTails(t: number, degrees: number): number {
  const all = degrees + t * t
  return incompleteBeta(degrees / all, (t * t) / all, degrees / 2, 0.5)
}

/**
 * The quantile of Student's t distribution at probability `p` in (0, 1); `degrees` of freedom are above 0, whole or not.
 * Found by bisection of the distribution function; good to 1e-9 of its value up to a million degrees.
 */
export function studentTQuantile(p: number, degrees: number): number {
  if (p < 0.5) return -studentTQuantile(1 - p, degrees)
  if (p === 0.5) return 0
  const tails = 2 * (1 - p)
  let high = 1
  while (twoTails(high, degrees) > tails) high *= 2
  let low = high === 1 ? 0 : high / 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (twoTails(middle, degrees) > tails) low = middle
    else high = middle
  }
}
