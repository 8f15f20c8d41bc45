import type { WorkloadConfig } from '../domain/cell.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { meanWithInterval } from './mean-with-interval.ts'

/** Two cells that differ only in the compared axis, and the ratio of a metric of theirs. */
export type Contrast = {
  metric: Metric
  base: ShownCell
  other: ShownCell
  /** Other / base. */
  ratio: number
  /** 95 %, over the blocks in which both have a valid trial; absent below two. Exploratory: nothing was declared. */
  interval?: { low: number; high: number }
  /** Launches of the one that has fewer. */
  n: number
  /** False where one of the two has invalid trials only. */
  valid: boolean
}

/** The metric that says how fast a kind of workload ran, the most telling first. */
const speeds: readonly { kind: WorkloadConfig['kind']; metric: Metric }[] = [
  { kind: 'completion', metric: 'decode_tps' },
  { kind: 'chat', metric: 'decode_tps' },
  { kind: 'prefill-decode', metric: 'tg_tps' },
  { kind: 'prefill-decode', metric: 'pp_tps' },
]

/** The speeds for which `evidence` has a value, the most telling first. */
export function measuredSpeeds(evidence: Evidence): { metric: Metric; cells: ShownCell[] }[] {
  return speeds
    .map(({ kind, metric }) => ({ metric, cells: evidence.comparison.cells.filter((cell) => cell.kind === kind) }))
    .filter(({ metric, cells }) => cells.some((cell) => evidence.valueOf(cell, metric) !== undefined))
}

/** The cells that answer the same question: of one workload kind, one group, one panel. */
function places(cells: readonly ShownCell[]): ShownCell[][] {
  return [...Map.groupBy(cells, (cell) => JSON.stringify([cell.kind, cell.arm.group, cell.panel])).values()]
}

/** In every place each value of the compared axis against the first that was measured there, in the order of the file; zeros have no ratio. */
export function contrastsOf(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): Contrast[] {
  const { values } = evidence.comparison
  return places(cells).flatMap((place) => {
    const measured = place
      .toSorted((a, b) => values.indexOf(a.arm.value) - values.indexOf(b.arm.value))
      .flatMap((cell) => {
        const value = evidence.valueOf(cell, metric)
        return value === undefined || value.value <= 0 ? [] : [{ cell, value }]
      })
    const [base, ...others] = measured
    if (base === undefined) return []
    return others.map((other) => contrastOf(metric, base, other))
  })
}

/** Those that rest on valid trials, where there are any. */
export function soundest(contrasts: readonly Contrast[]): readonly Contrast[] {
  return contrasts.some((each) => each.valid) ? contrasts.filter((each) => each.valid) : contrasts
}

/** The one that is farthest from 1; the first of equals. */
export function widest(contrasts: readonly Contrast[]): Contrast | undefined {
  return contrasts.toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0]
}

type Measured = { cell: ShownCell; value: CellValue }
/** `other` against `base`. */
export function contrastOf(metric: Metric, base: Measured, other: Measured): Contrast {
  const byBlock = new Map(base.value.points.filter((p) => p.valid).map((p) => [p.trial.block, p.value]))
  const ratios = other.value.points.flatMap((p) => {
    const against = byBlock.get(p.trial.block)
    return p.valid && against !== undefined && against > 0 ? [p.value / against] : []
  })
  // Of the same launches as its interval.
  const paired = ratios.length > 1 ? meanWithInterval(ratios, metrics[metric].mean) : undefined
  const interval = paired?.interval
  return {
    metric,
    base: base.cell,
    other: other.cell,
    ratio: paired?.value ?? other.value.value / base.value.value,
    ...(interval === undefined ? {} : { interval }),
    n: Math.min(base.value.n, other.value.n),
    valid: base.value.valid && other.value.valid,
  }
}
