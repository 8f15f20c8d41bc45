import { appliesTo, usualMargin, usualMetrics } from '../domain/compared-metric.ts'
import type { Cell } from '../domain/cell.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Metric } from '../domain/metric.ts'
import type { Compare } from '../domain/plan.ts'

type Values = Readonly<Record<string, JsonValue>>

/** What a file declares of its comparison, before it is known which arms there are. */
export type DeclaredCompare = {
  treatment: readonly string[]
  /** Axes that a pair does not name are the same on both sides. */
  pairs?: readonly { base: Values; against: Values }[] | undefined
  metrics?: Compare['margins'] | undefined
}

/**
 * What a plan is held to: which arms are compared (by a file that names none each with the first of its stratum), and which
 * metrics by which margins (by a file that names none the usual ones of what its cells ask). `cells`: those that will run.
 */
export function freezeCompare({ treatment, pairs, metrics }: DeclaredCompare, cells: readonly Cell[]): Compare {
  return {
    treatment,
    pairs:
      pairs === undefined ? againstFirst(cells) : distinct(pairs.flatMap((pair) => armsOf(pair, { treatment, cells }))),
    margins: metrics ?? usualMargins(cells),
  }
}

/**
 * What a file would compare and a plan cannot, each told once: an arm of a pair of which no cell will run, a metric that no cell
 * can have. `objectives`: what a good answer is, without which nothing is known of their share.
 */
export function compareNotes(
  declared: DeclaredCompare | undefined,
  cells: readonly Cell[],
  objectives?: object,
): string[] {
  if (declared === undefined || cells.length === 0) return []
  const { treatment, pairs = [], metrics = [] } = declared
  const lost = pairs.flatMap((pair) => {
    if (armsOf(pair, { treatment, cells }).length > 0) return []
    const missing = [pair.base, pair.against].filter((side) => !cells.some((cell) => has(cell, side)))
    const why =
      missing.length === 0 ? 'they share no stratum' : `no cell of ${missing.map(named).join(' nor of ')} will run`
    return [`compare: ${named(pair.base)} against ${named(pair.against)} is left out, ${why}`]
  })
  const idle = metrics.filter(({ metric }) => !cells.some(({ config }) => appliesTo(metric, config)))
  const goodput = objectives === undefined ? metrics.filter(({ metric }) => metric.startsWith('goodput')) : []
  return [
    ...new Set(lost),
    ...goodput.map(
      ({ metric }) => `compare: ${metric} needs objectives, which say what a good answer is, and the file has none`,
    ),
    ...idle.map(({ metric }) => `compare: no cell that will run can have ${metric}`),
    ...(pairs.length === 0 && againstFirst(cells).length === 0
      ? ['compare: one arm alone will run, so that nothing is compared']
      : []),
  ]
}

type Pair = Compare['pairs'][number]

function againstFirst(cells: readonly Cell[]): Pair[] {
  const strata = [...Map.groupBy(cells, ({ stratum }) => stratum).values()]
  return distinct(
    strata.flatMap((ofStratum) => {
      const [base, ...others] = armsIn(ofStratum)
      return base === undefined ? [] : others.map((against) => ({ base, against }))
    }),
  )
}

/** The arms that a pair means, of those that share a stratum: several where it leaves a treatment axis out. */
function armsOf(
  { base, against }: { base: Values; against: Values },
  { treatment, cells }: { treatment: readonly string[]; cells: readonly Cell[] },
): Pair[] {
  const open = treatment.filter((axis) => !(axis in base))
  const place = ({ stratum, axes }: Cell) => canonicalJson([stratum, open.map((axis) => axes[axis])])
  const others = Map.groupBy(
    cells.filter((cell) => has(cell, against)),
    place,
  )
  return distinct(
    cells
      .filter((cell) => has(cell, base))
      .flatMap((one) => armsIn(others.get(place(one)) ?? []).map((other) => ({ base: one.arm, against: other }))),
  )
}

const armsIn = (cells: readonly Cell[]): string[] => [...new Set(cells.map(({ arm }) => arm))]

const has = ({ axes }: Cell, values: Values) => Object.entries(values).every(([axis, value]) => same(axes[axis], value))

const same = (a: JsonValue | undefined, b: JsonValue | undefined) =>
  a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b)

/** Each two arms once, as they are first named: a second time, or the other way round, is no second comparison. */
const distinct = (pairs: readonly Pair[]): Pair[] => {
  const keys = pairs.map(({ base, against }) => canonicalJson([base, against].toSorted()))
  return pairs.filter((_, i) => keys.indexOf(keys[i] as string) === i)
}

const named = (values: Values) =>
  Object.entries(values)
    .map(([axis, value]) => `${axis} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')

/** Speed first, in an order of its own: the first of them is the one that a joint verdict speaks of. */
const order: readonly Metric[] = ['decode_tps', 'output_tps', 'tg_tps', 'pp_tps', 'ttft_ms', 'ttft_scheduled_ms']
const place = (metric: Metric) => (order.includes(metric) ? order.indexOf(metric) : order.length)

function usualMargins(cells: readonly Cell[]): Compare['margins'] {
  return [...new Set(cells.flatMap(({ config }) => usualMetrics(config)))]
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((metric) => {
      const margin = usualMargin(metric)
      return margin === undefined ? [] : [{ metric, margin }]
    })
}
