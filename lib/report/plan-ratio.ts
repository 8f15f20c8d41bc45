import type { Metric } from '../domain/metric.ts'
import { axisText } from './comparison.ts'
import { contrastOf } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { percent, significant } from './numbers.ts'
import { type Filters, filtersOf, foundIn, metricOf, pickedCell } from './plan-value.ts'
import { AskProblem, digitsOf, flagOf, lacking, type PostAsk, refuseWords } from './post-ask.ts'
import type { BoundSource, BoundValue } from './post-bindings.ts'
import { sampleOf } from './post-sample.ts'

const own = ['metric', 'of', 'to', 'change', 'digits']

/**
 * `{{ratio metric="decode_tps" of="q4_0" to="f16"}}`: how a metric of one value of the compared axis stands to that of another, as the
 * report has it: over the blocks that have both, where there are several. With `change=true` by how much it differs, in percent.
 */
export function planRatio(evidence: Evidence, { words, options }: PostAsk): BoundValue {
  refuseWords(words, 'metric')
  const { of, to } = options
  const { axis, values } = evidence.comparison
  if (of === undefined || to === undefined)
    throw new AskProblem(`{{ratio}} needs of="…" and to="…", values of ${axis}: ${values.join(', ')}`)
  const metric = metricOf(options)
  const beside = filtersOf(evidence, options, own)
  const [other, base] = [
    measured(evidence, { metric, value: of, beside }),
    measured(evidence, { metric, value: to, beside }),
  ]
  const { ratio, valid } = contrastOf(metric, base, other)
  const text = flagOf(options, 'change') ? percent(Math.abs(ratio - 1)) : significant(ratio, digitsOf(options) ?? 3)
  const source = sourceOf(evidence, metric, [other, base])
  if (valid) return { text, source }
  return { text, source, doubt: `the ratio of ${other.cell.name} to ${base.cell.name} rests on invalid trials only` }
}

type Measured = ReturnType<typeof measured>
function sourceOf(evidence: Evidence, metric: Metric, [other, base]: readonly [Measured, Measured]): BoundSource {
  const samples = [other, base].flatMap(({ cell }) => sampleOf(evidence, cell, metric) ?? [])
  const says = evidence.words('post.ratio-of', { metric, other: other.cell.name, base: base.cell.name })
  return { says: [says, ...samples.map((sample) => sample.says)].join('; '), samples }
}

type Side = { metric: Metric; value: string; beside: Filters }
function measured(evidence: Evidence, { metric, value, beside }: Side) {
  const { axis, values, cells } = evidence.comparison
  // As the file has it (`2`), or as the report calls it (`2 threads`).
  const found = cells.filter(({ arm, cell }) => [arm.value, axisText(cell.axes[axis])].includes(value))
  if (found.length === 0) throw lacking(`${axis} has no`, value, values)
  const cell = pickedCell(evidence, metric, beside, found)
  return { cell, value: foundIn(evidence, cell, metric) }
}
