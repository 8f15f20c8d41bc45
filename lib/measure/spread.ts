import type { Spread } from '../domain/record.ts'

/** Of samples in any unit, each value as it was: the smallest that half, or 99 %, of all do not exceed. 0 of none. */
export function spread(samples: readonly number[]): Spread {
  const ascending = samples.toSorted((a, b) => a - b)
  const ranked = (share: number) => ascending[Math.ceil(share * ascending.length) - 1] ?? 0
  return { p50: ranked(0.5), p99: ranked(0.99), max: ascending.at(-1) ?? 0 }
}
