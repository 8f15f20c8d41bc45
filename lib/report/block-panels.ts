import { labelOf } from './metric-words.ts'
import { metricsOf, type ShownMetric, type ShownPair } from './shown-pair.ts'
import { weighedOf, type Weighed } from './weighed.ts'
import type { Words } from './words.ts'

const mostPanels = 4

/** The metrics of a pair of which each block has a value, as many as there is room for, and how many are left out. */
export function blockPanels(pair: ShownPair): { shown: Weighed[]; left: number } {
  const all = weighedOf(metricsOf(pair)).filter(({ comparison }) => comparison.blocks.length > 0)
  return { shown: all.slice(0, mostPanels), left: Math.max(0, all.length - mostPanels) }
}

/** `decode, tokens/s`: what a panel shows, with its unit. */
export function panelName(words: Words, shown: ShownMetric, unit: string): string {
  return [metricName(words, shown), unit].filter((part) => part !== '').join(', ')
}

/** `decode`, or `decode · chat` where there are several tasks. */
export function metricName(words: Words, { comparison, place }: ShownMetric): string {
  return [labelOf({ words }, comparison.metric), place].filter((part) => part !== '').join(' · ')
}

/** Where an axis of `values` has to reach to, so that no mark stands on its edge, and equal values do not look far apart. */
export function axisEnds(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high - low
  const room = span > 1e-6 * Math.abs(high) ? 0.08 * span : 0.02 * Math.abs(high) || 1
  return [low - room, high + room]
}
