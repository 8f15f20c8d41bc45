import { normalCdf } from './normal.ts'
import { meanOverDeviation } from './over-deviation.ts'

/**
 * P(T <= t) of the noncentral t distribution, T = (Z + noncentrality) / S: the normal distribution function at
 * t S - noncentrality, averaged over S (Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions" 2, 31.4).
 */
export function noncentralTCdf(t: number, degrees: number, noncentrality: number): number {
  return meanOverDeviation(degrees, (s) => normalCdf(t * s - noncentrality))
}
