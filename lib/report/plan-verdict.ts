import type { Metric } from '../domain/metric.ts'
import { axisText } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { jointSentence } from './joint-words.ts'
import { type Filters, filtersOf, metricOf } from './plan-value.ts'
import { AskProblem, lacking, type PostAsk, refuseWords } from './post-ask.ts'
import type { BoundSource, BoundValue } from './post-bindings.ts'
import { sampleOf } from './post-sample.ts'
import { metricsOf, type ShownCellPair, type ShownMetric, type ShownPair, shownPairs } from './shown-pair.ts'
import { verdictSentence } from './verdict-words.ts'

const own = ['metric', 'base', 'against']

/**
 * `{{verdict "decode_tps" base="fp16" against="awq"}}`: what the plan's blocks show of a metric, in the fixed words of the decision table;
 * without a metric the sentence to decide by. Arms need naming only where there are several pairs, axes only where there are several
 * cells. Throws an `AskProblem` that lists what there is where that is none or several.
 */
export function planVerdict(evidence: Evidence, { words: loose, options }: PostAsk): BoundValue {
  const [word, ...more] = loose
  refuseWords(more, 'metric')
  if (word !== undefined && options['metric'] !== undefined)
    throw new AskProblem(`the metric is named twice: "${word}" and metric="${options['metric']}"`)
  const asked = word === undefined ? options : { ...options, metric: word }
  const pairs = pairsMeant(evidence, asked)
  const cells = filtersOf(evidence, options, own)
  if (asked['metric'] === undefined) return jointOf(evidence, onlyPair(pairs.filter((pair) => hasCell(pair, cells))))
  return metricVerdict(evidence, { metric: metricOf(asked), pairs, filters: cells })
}

function pairsMeant(evidence: Evidence, { base, against }: PostAsk['options']): ShownPair[] {
  const all = shownPairs(evidence)
  if (all.length === 0)
    throw new AskProblem(
      'the plan compares nothing: its experiment declares what is compared (compare), before it is run',
    )
  return calledOnly(calledOnly(all, 'base', base), 'against', against)
}

function calledOnly(pairs: ShownPair[], side: 'base' | 'against', asked: string | undefined): ShownPair[] {
  const found = asked === undefined ? pairs : pairs.filter((pair) => isCalled(pair, side, asked))
  if (found.length > 0) return found
  throw lacking(`no pair has ${side}`, asked, [...new Set(pairs.map(({ names }) => names[side]))])
}

/** By its name, or a value of one of its axes. */
function isCalled({ names, cells }: ShownPair, side: 'base' | 'against', asked: string): boolean {
  const other = side === 'base' ? 'against' : 'base'
  return (
    names[side] === asked ||
    cells.some((pair) => {
      const [axes, others] = [pair[side].cell.axes, pair[other].cell.axes]
      return Object.keys(axes).some((axis) => axisText(axes[axis]) === asked && axisText(others[axis]) !== asked)
    })
  )
}

const hasCell = ({ cells }: ShownPair, filters: Filters) => cells.some((pair) => fits(pair, filters))
const fits = ({ base }: ShownCellPair, filters: Filters) =>
  filters.every(({ axis, value }) => axisText(base.cell.axes[axis]) === value)

const pairName = ({ names, place }: ShownPair) =>
  [`${names.against} against ${names.base}`, place].filter(Boolean).join(', ')

function onlyPair(pairs: readonly ShownPair[]): ShownPair {
  const [pair, ...more] = pairs
  if (pair === undefined) throw new AskProblem('no pair has such a cell')
  if (more.length === 0) return pair
  throw new AskProblem(
    `that is of ${pairs.length} pairs: name base="…" and against="…", or an axis that tells apart ${pairs.map(pairName).join('; ')}`,
  )
}

function jointOf({ words }: Evidence, { comparison, allNames }: ShownPair): BoundValue {
  return { text: jointSentence(comparison, allNames, words) }
}

function metricVerdict(
  evidence: Evidence,
  { metric, pairs, filters }: { metric: Metric; pairs: readonly ShownPair[]; filters: Filters },
): BoundValue {
  const all = pairs.flatMap(metricsOf)
  const found = all.filter((each) => each.comparison.metric === metric && fits(each.cells, filters))
  const [one, ...more] = found
  if (one === undefined) {
    const compared = [...new Set(all.map(({ comparison }) => comparison.metric))]
    throw lacking(
      'nothing is compared by',
      metric,
      compared.filter((each) => each !== metric),
    )
  }
  if (more.length > 0)
    throw new AskProblem(
      `${metric} is compared in ${found.length} places: name base="…", against="…" or an axis that tells apart ${found.map(placeName).join('; ')}`,
    )
  const { comparison, pair } = one
  const source = sourceOf(evidence, one)
  return {
    text: verdictSentence(comparison, pair.names, evidence.words),
    ...(source !== undefined && { source }),
    ...(!comparison.declared && { doubt: `the verdict on ${metric} is exploratory: it was not declared beforehand` }),
  }
}

const placeName = ({ pair, cells }: ShownMetric) => [pairName(pair), cells.base.name].join(': ')

/** The values of both sides, with their launches. */
function sourceOf(evidence: Evidence, { comparison, cells }: ShownMetric): BoundSource | undefined {
  const { metric } = comparison
  const samples = [cells.against, cells.base].flatMap((cell) => sampleOf(evidence, cell, metric) ?? [])
  return samples.length === 0 ? undefined : { says: samples.map(({ says }) => says).join('; '), samples }
}
