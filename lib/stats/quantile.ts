/**
 * The q-quantile of samples in ascending order by linear interpolation: type 7 of Hyndman and Fan, "Sample Quantiles in
 * Statistical Packages" (1996). `undefined` where there are too few samples to say: none at all, or, above the median,
 * fewer than ceil(10 / (1 - q)).
 */
export function quantile(ascending: ArrayLike<number>, q: number): number | undefined {
  return ascending.length < samplesNeeded(q) ? undefined : linearQuantile(ascending, q)
}

/** The same, which is numpy's `linear` and what pandas does, of however few samples; there is at least one. */
export function linearQuantile(ascending: ArrayLike<number>, q: number): number {
  const last = ascending.length - 1
  const position = last * q
  const below = Math.floor(position)
  const low = ascending[below] as number
  const high = ascending[Math.min(below + 1, last)] as number
  return low + (position - below) * (high - low)
}

// Without the small step down 10 / (1 - 0.9) would be a little above 100, and so need 101.
function samplesNeeded(q: number): number {
  return q > 0.5 ? Math.ceil(10 / (1 - q) - 1e-6) : 1
}
