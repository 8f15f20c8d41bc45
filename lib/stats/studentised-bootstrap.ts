import { mean } from './mean.ts'
import { quantile } from './quantile.ts'

export type BootstrapOptions = {
  /** A share, as 0.95. */
  confidence: number
  resamples: number
  /** Gives numbers in [0, 1). */
  random: () => number
}

/** A mean with the square of its standard error. */
type Moments = { mean: number; square: number }

/**
 * The two-sided studentised bootstrap interval of a mean: each resample is judged by its own standard error, as in Student's t
 * (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, 5.2.1). `undefined` where there are too few values or
 * resamples to say: a resample of one value again and again has no error, and lies beyond all others; or where values are too large
 * to be squared.
 */
export function studentisedBootstrap(
  values: readonly number[],
  options: BootstrapOptions,
): { low: number; high: number } | undefined {
  if (values.length < 2) return undefined
  return interval(moments(values), resampled(values, options.random), options)
}

/** The same of the mean of `b` less that of `a`, each drawn again by itself. */
export function studentisedBootstrapDifference(
  a: readonly number[],
  b: readonly number[],
  options: BootstrapOptions,
): { low: number; high: number } | undefined {
  if (a.length < 2 || b.length < 2) return undefined
  const [drawA, drawB] = [resampled(a, options.random), resampled(b, options.random)]
  return interval(less(moments(b), moments(a)), () => less(drawB(), drawA()), options)
}

function interval(
  found: Moments,
  draw: () => Moments,
  { confidence, resamples }: BootstrapOptions,
): { low: number; high: number } | undefined {
  if (found.square === 0) return { low: found.mean, high: found.mean }
  if (!Number.isFinite(found.square)) return undefined
  const scores = Float64Array.from({ length: resamples }, () => {
    const drawn = draw()
    const distance = drawn.mean - found.mean
    if (drawn.square > 0) return distance / Math.sqrt(drawn.square)
    return distance === 0 ? 0 : distance * Infinity
  }).toSorted()
  const tail = (1 - confidence) / 2
  const [below, above] = [quantile(scores, tail), quantile(scores, 1 - tail)]
  if (below === undefined || above === undefined) return undefined
  if (!Number.isFinite(below) || !Number.isFinite(above)) return undefined
  const error = Math.sqrt(found.square)
  return { low: found.mean - above * error, high: found.mean - below * error }
}

/** Of equal values the mean is that value and the error 0, with nothing left by rounding. */
function moments(values: readonly number[]): Moments {
  const [n, first] = [values.length, values[0] as number]
  if (values.every((value) => value === first)) return { mean: first, square: 0 }
  const middle = mean(values)
  let squares = 0
  for (const value of values) squares += (value - middle) ** 2
  return { mean: middle, square: squares / (n - 1) / n }
}

const less = (a: Moments, b: Moments): Moments => ({ mean: a.mean - b.mean, square: a.square + b.square })

/** Each call draws as many of the values again, with replacement. */
function resampled(values: readonly number[], random: () => number): () => Moments {
  const drawn = [...values]
  return () => {
    for (let place = 0; place < drawn.length; place += 1)
      drawn[place] = values[Math.floor(random() * values.length)] as number
    return moments(drawn)
  }
}
