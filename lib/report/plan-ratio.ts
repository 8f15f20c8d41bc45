import type { Metric } from '../domain/metric.ts'
import { contrastOf } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { percent, significant } from './numbers.ts'
import { digitsOf, type Filters, filtersOf, foundIn, metricOf, pickedCell, refuseWords } from './plan-value.ts'
import { AskProblem, type BoundValue, type PostAsk } from './post-bindings.ts'

/**
 * `{{ratio metric="decode_tps" of="q4_0" to="f16"}}`: how a metric of one value of the compared axis stands to that of another, as the
 * report has it: over the blocks that have both, where there are several. With `change=true` by how much it differs, in percent.
 */
export function planRatio(evidence: Evidence, { words, options }: PostAsk): BoundValue {
  refuseWords(words)
  const { of, to, change } = options
  const { axis, values } = evidence.comparison
  if (of === undefined || to === undefined)
    throw new AskProblem(`{{ratio}} needs of="…" and to="…", values of ${axis}: ${values.join(', ')}`)
  const metric = metricOf(options)
  const beside = filtersOf(evidence, options)
  const [other, base] = [
    measured(evidence, { metric, value: of, beside }),
    measured(evidence, { metric, value: to, beside }),
  ]
  const { ratio, valid } = contrastOf(metric, base, other)
  const text = change === 'true' ? percent(Math.abs(ratio - 1)) : significant(ratio, digitsOf(options) ?? 3)
  if (valid) return { text }
  return { text, doubt: `the ratio of ${other.cell.name} to ${base.cell.name} rests on invalid trials only` }
}

type Side = { metric: Metric; value: string; beside: Filters }
function measured(evidence: Evidence, { metric, value, beside }: Side) {
  const { axis, values, cells } = evidence.comparison
  if (!values.includes(value)) throw new AskProblem(`${axis} has no ${value}: there is ${values.join(', ')}`)
  const cell = pickedCell(
    evidence,
    metric,
    beside,
    cells.filter(({ arm }) => arm.value === value),
  )
  return { cell, value: foundIn(evidence, cell, metric) }
}
