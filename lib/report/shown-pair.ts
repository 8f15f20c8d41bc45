import type { ArmComparison, MetricComparison } from '../domain/verdict.ts'
import { armNames, askedName, type ComparedNames } from './arm-names.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** Two arms of a plan as the report shows them: A (`base`) and B. */
export type ShownPair = {
  /** From 0, in the order of the verdicts. */
  index: number
  comparison: ArmComparison
  names: Pick<ComparedNames, 'base' | 'against'>
  /** The same, with what its cells are asked, for sentences that name them. */
  allNames: ComparedNames
  /** The settings that both have while others of the plan have others: `1 thread`; empty where there are none. */
  place: string
  cells: readonly ShownCellPair[]
}

/** A cell and its counterpart. */
export type ShownCellPair = {
  base: ShownCell
  against: ShownCell
  /** What they are asked, where several are asked different things; else empty. */
  place: string
  metrics: readonly MetricComparison[]
}

/** A metric of two cells. */
export type ShownMetric = {
  pair: ShownPair
  cells: ShownCellPair
  comparison: MetricComparison
  /** What was asked, where the pair has the metric of several tasks; else empty. */
  place: string
}

/** The comparisons of a plan, declared ones and others, by the names that the report has for their arms. */
export function shownPairs(evidence: Evidence): ShownPair[] {
  return pairsOf(evidence, evidence.data.verdicts?.comparisons ?? [])
}

/** A/A: arms against their own twins. */
export function shownTwins(evidence: Evidence): ShownPair[] {
  return pairsOf(evidence, evidence.data.verdicts?.twins ?? [])
}

function pairsOf({ data, comparison, words }: Evidence, comparisons: readonly ArmComparison[]): ShownPair[] {
  const shown = new Map(comparison.cells.map((cell) => [cell.cell.id, cell]))
  return comparisons.map((each, index) => {
    const { place, ...allNames } = armNames(data.plan, each, words)
    const { cell: _, ...names } = allNames
    const cells = each.cells.flatMap(({ base, against, metrics }): ShownCellPair[] => {
      const [a, b] = [shown.get(base), shown.get(against)]
      if (a === undefined || b === undefined) return []
      const asked = each.cells.length > 1 ? askedName(data.plan, base, words) : ''
      return [{ base: a, against: b, place: asked, metrics }]
    })
    return { index, comparison: each, names, allNames, place, cells }
  })
}

/** The metrics of a pair: the declared ones first, in the order of the verdicts. */
export function metricsOf(pair: ShownPair): ShownMetric[] {
  const all = pair.cells.flatMap((cells) => cells.metrics.map((comparison) => ({ cells, comparison })))
  const tasks = Map.groupBy(all, ({ comparison }) => comparison.metric)
  const shown = all.map(({ cells, comparison }) => {
    const place = (tasks.get(comparison.metric)?.length ?? 0) > 1 ? cells.place : ''
    return { pair, cells, comparison, place }
  })
  return [...shown.filter(({ comparison }) => comparison.declared), ...shown.filter((one) => !one.comparison.declared)]
}
