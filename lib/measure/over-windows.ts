import { randomSequence } from '../domain/seeded.ts'
import { bootstrapMean } from '../stats/bootstrap-mean.ts'

const bootstrap = { seed: 20_260_101, resamples: 1999, confidence: 0.95 }

/** A mean over the scored tokens of all windows. */
export type WindowMean = {
  mean: number
  /** Tokens. */
  n: number
  /** One standard error: sqrt(v / (n - 1)), where v = mean of squares - mean^2, as llama-perplexity has it: it takes tokens as independent. */
  error?: number
  /** The 95 % percentile interval of a bootstrap over whole windows. */
  interval?: { low: number; high: number }
}

/** Of one value per scored token, window by window; the draws are the same for the same number of windows. */
export function overWindows(windows: readonly (readonly number[])[]): WindowMean {
  const all = windows.flat()
  const n = all.length
  const mean = sumOf(all) / n
  const variance = Math.max(0, sumOf(all.map((value) => value * value)) / n - mean * mean)
  const { seed, ...options } = bootstrap
  const chunks = windows.map((values) => ({ sum: sumOf(values), n: values.length }))
  const interval = bootstrapMean(chunks, { ...options, random: randomSequence(seed) })
  return { mean, n, ...(n > 1 && { error: Math.sqrt(variance / (n - 1)) }), ...(interval && { interval }) }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
