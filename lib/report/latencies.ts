import type { ShownCell } from './comparison.ts'
import { distributionOf, type Distributed } from './distribution.ts'
import type { Evidence } from './evidence.ts'

/** The median of a latency over all requests of a cell, and the highest percentile that there are enough of them for. */
export type Latency = {
  median: number
  /** Absent below the samples that any percentile above the median needs. */
  tail?: { name: string; value: number }
  n: number
  valid: boolean
}

/** Exact, over the pooled requests of a cell's launches; `undefined` where none has the metric. */
export function latencyOf(evidence: Evidence, cell: ShownCell, metric: Distributed): Latency | undefined {
  const found = distributionOf(evidence, cell, metric)
  const median = found?.percentiles[0]
  if (found === undefined || median === undefined) return undefined
  const tail = found.percentiles.at(-1)
  return {
    median: median.value,
    n: found.values.length,
    valid: found.valid,
    ...(tail !== undefined && tail !== median && { tail }),
  }
}
