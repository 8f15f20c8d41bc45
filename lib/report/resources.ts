import type { Metric } from '../domain/metric.ts'
import { resourceMetrics } from '../domain/resource-metrics.ts'
import type { Evidence } from './evidence.ts'
import { missing, shownUnit, shownValue } from './numbers.ts'
import { labelOf } from './metric-words.ts'

/** What cells took of the machine, each source apart; nothing where no resource was measured. */
export type Resources = {
  heads: readonly { metric: Metric; name: string; unit: string }[]
  rows: readonly { index: number; name: string; href: string; values: readonly string[]; invalid: boolean }[]
}

const names = Object.keys(resourceMetrics) as (keyof typeof resourceMetrics)[]
/** The course of a trial is in its mean; a peak is what has to fit. */
const leftOut: readonly Metric[] = ['rss_mean_bytes', 'pss_mean_bytes']

/** A row for each cell of which any resource is known, a column for each resource that is known of any. */
export function resourcesOf(evidence: Evidence): Resources {
  const { cells } = evidence.comparison
  const shown = names.filter(
    (metric) => !leftOut.includes(metric) && cells.some((cell) => evidence.valueOf(cell, metric) !== undefined),
  )
  const rows = cells.flatMap((cell) => {
    const values = shown.map((metric) => evidence.valueOf(cell, metric))
    if (values.every((value) => value === undefined)) return []
    const texts = shown.map((metric, i) => {
      const value = values[i]
      return value === undefined ? missing : shownValue(metric, value.value, value.interval).text
    })
    const invalid = values.some((value) => value?.valid === false)
    return [{ index: cell.arm.index, name: cell.name, href: `#cell-${cell.index + 1}`, values: texts, invalid }]
  })
  return {
    heads: shown.map((metric) => ({ metric, name: labelOf(evidence, metric), unit: shownUnit(metric) })),
    rows,
  }
}
