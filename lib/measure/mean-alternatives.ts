import { mean } from '../stats/mean.ts'
import type { Alternative } from './alternatives.ts'

/** Of each figure the mean over trials: the tools run once and have no rule of their own. */
export function meanAlternatives(trials: readonly Record<string, Alternative>[]): Record<string, Alternative> {
  const names = [...new Set(trials.flatMap(Object.keys))]
  return Object.fromEntries(
    names.map((name) => {
      const all = trials.flatMap((trial) => trial[name] ?? [])
      const of = (key: 'median' | 'p90' | 'p99') => all.flatMap((one) => one[key] ?? [])
      const percentiles = (['median', 'p90', 'p99'] as const)
        .map((key) => [key, of(key)] as const)
        .filter(([, values]) => values.length > 0)
        .map(([key, values]) => [key, mean(values)] as const)
      const n = all.reduce((sum, one) => sum + one.n, 0)
      return [name, { value: mean(all.map(({ value }) => value)), n, ...Object.fromEntries(percentiles) }]
    }),
  )
}
