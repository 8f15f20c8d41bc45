import { appliesTo, scaleOf } from '../domain/compared-metric.ts'
import type { JsonValue } from '../domain/json.ts'
import { factsOf, type Metric } from '../domain/metric.ts'
import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import type { Compare, Plan } from '../domain/plan.ts'
import { shown } from './shown.ts'

const mostPairs = 5
/** Fewer give no verdict on what varies from launch to launch. */
const leastBlocks = 6

/** What a plan will compare, and by which margins: nothing of it can be declared later. Nothing where none was declared. */
export function comparedText({ compare, cells, blocks }: Pick<Plan, 'compare' | 'cells' | 'blocks'>): string {
  if (compare === undefined || compare.pairs.length === 0) return ''
  const pairs = compare.pairs
    .slice(0, mostPairs)
    .map(({ base, against }) => `${armText(against)} against ${armText(base)}`)
  const more = compare.pairs.length > mostPairs ? ` and ${compare.pairs.length - mostPairs} pairs more` : ''
  const margins = compare.margins
    .filter(({ metric }) => cells.some(({ config }) => appliesTo(metric, config)))
    .map(marginText)
  const few =
    blocks < leastBlocks
      ? `; ${blocks === 1 ? '1 block is' : `${blocks} blocks are`} too few for a verdict on speed`
      : ''
  return `compared: ${pairs.join('; ')}${more}, in ${margins.join(', ') || 'nothing that these cells measure'}${few}\n`
}

/** `q4_0, threads 2`: the values of an arm. */
export function armText(arm: string): string {
  const values = Object.entries(JSON.parse(arm) as Record<string, JsonValue>)
  return (
    values
      .map(([axis, value]) => plain(axis.includes('.') ? `${axis.split('.').at(-1)} ${shown(value)}` : shown(value)))
      .join(', ') || 'the only arm'
  )
}

/** `decode_tps (2 %)`. */
function marginText({ metric, margin }: Compare['margins'][number]): string {
  return `${metric} (${marginOf(metric, margin)})`
}

/** `2 %`, `0.5 mib`: a margin in the unit that it is in. */
export function marginOf(metric: Metric, margin: number): string {
  if (scaleOf(metric) === 'ratio') return percent(margin)
  const { unit } = factsOf(metric)
  return unit === '' ? String(margin) : `${margin} ${unit}`
}
