import { quantile } from './quantile.ts'

/** Samples that belong together, such as the scored tokens of one window. */
export type Chunk = { sum: number; n: number }

/**
 * The percentile interval of the mean over all samples, where whole chunks are drawn again with replacement, because samples
 * of one chunk are not independent: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), 8.6 and 13.3.
 * `random` gives numbers in [0, 1). `undefined` for fewer than two chunks.
 */
export function bootstrapMean(
  chunks: readonly Chunk[],
  options: { random: () => number; resamples: number; confidence: number },
): { low: number; high: number } | undefined {
  if (chunks.length < 2) return undefined
  const means = Float64Array.from({ length: options.resamples }, () => resampledMean(chunks, options.random)).toSorted()
  const tail = (1 - options.confidence) / 2
  const low = quantile(means, tail)
  const high = quantile(means, 1 - tail)
  return low === undefined || high === undefined ? undefined : { low, high }
}

function resampledMean(chunks: readonly Chunk[], random: () => number): number {
  let sum = 0
  let n = 0
  for (let drawn = 0; drawn < chunks.length; drawn += 1) {
    const chunk = chunks[Math.floor(random() * chunks.length)] as Chunk
    sum += chunk.sum
    n += chunk.n
  }
  return sum / n
}
