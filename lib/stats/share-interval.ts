import { incompleteBeta } from './incomplete-beta.ts'

/**
 * The two-sided interval of a share of which `some` of `all` were seen: Clopper and Pearson, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial" (1934). It has the true share at least as often as `confidence` says, a share as 0.95.
 */
export function shareInterval(some: number, all: number, confidence: number): { low: number; high: number } {
  const tail = (1 - confidence) / 2
  return {
    low: some === 0 ? 0 : betaQuantile(tail, some, all - some + 1),
    high: some === all ? 1 : betaQuantile(1 - tail, some + 1, all - some),
  }
}

/** Where the distribution function of the beta distribution, which rises, reaches `p`: by bisection. */
function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (incompleteBeta(middle, 1 - middle, a, b) < p) low = middle
    else high = middle
  }
}
