import type { Metric } from '../domain/metric.ts'
import type { Estimate } from '../domain/verdict.ts'
import { changeValue, marginEnds } from './verdict-numbers.ts'
import type { Weighed } from './weighed.ts'

/** Where an axis begins and ends. */
export type Span = { low: number; high: number }
/** The axes of panels that show changes. */
export type ChangeAxes = {
  /** One axis for all: what is measured in another unit, or is far smaller, would have one of its own. */
  shared: boolean
  of: (shown: Weighed) => Span
  /** Whether what was not blocked reaches beyond one of them. */
  cut: boolean
}

// Beyond this the smallest would be a dot on the axis of the largest.
const mostRatio = 6
// What was not blocked may be many times as wide: that does not make the rest small.
const mostWider = 4

/** The axes on which all that verdicts were read from can be seen. */
export function changeAxes(shown: readonly Weighed[]): ChangeAxes {
  const spans = new Map(shown.map((each) => [each, spanOf(each)]))
  const widths = [...spans.values()].map(widthOf)
  const scales = new Set(shown.map(({ comparison: { metric, estimate } }) => unitName(metric, estimate)))
  const shared = scales.size === 1 && Math.max(...widths) <= mostRatio * Math.min(...widths)
  const all = union([...spans.values()])
  const of = (each: Weighed) => padded(shared ? all : (spans.get(each) ?? all))
  const cut = shown.some((each) => {
    const own = unblockedSpan(each)
    return own !== undefined && (own.low < of(each).low || own.high > of(each).high)
  })
  return { shared, of, cut }
}

const unitName = (metric: Metric, { scale }: Estimate) => (scale === 'ratio' ? scale : metric)
const widthOf = ({ low, high }: Span) => high - low
const union = (spans: readonly Span[]): Span => ({
  low: Math.min(...spans.map(({ low }) => low)),
  high: Math.max(...spans.map(({ high }) => high)),
})
const padded = ({ low, high }: Span): Span => ({ low: low - 0.05 * (high - low), high: high + 0.05 * (high - low) })

function spanOf(shown: Weighed): Span {
  const { metric, estimate, margin, floor = 0, blocks } = shown.comparison
  const values = [
    ...marginEnds(Math.max(margin, floor), estimate.scale),
    ...ends(estimate),
    ...blocks.map(({ change }) => change),
  ].map((change) => changeValue(metric, estimate.scale, change))
  const span = { low: Math.min(0, ...values), high: Math.max(0, ...values) }
  const other = unblockedSpan(shown)
  if (other === undefined) return span
  const room = (mostWider - 1) * widthOf(span)
  return union([span, { low: Math.max(other.low, span.low - room), high: Math.min(other.high, span.high + room) }])
}

function unblockedSpan({ comparison: { metric, unblocked } }: Weighed): Span | undefined {
  if (unblocked === undefined) return undefined
  const values = ends(unblocked.estimate).map((change) => changeValue(metric, unblocked.estimate.scale, change))
  return { low: Math.min(...values), high: Math.max(...values) }
}

const ends = ({ interval, equivalence }: Estimate) => [interval.low, interval.high, equivalence.low, equivalence.high]
