import type { Metric } from '../domain/metric.ts'
import type { ArmComparison, MetricComparison, VerdictRow } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { shownUnit } from './numbers.ts'
import { changeTexts, marginText } from './verdict-numbers.ts'
import { beyondText, turnOf, verdictText, type WithEstimate } from './verdict-words.ts'
import type { Words } from './words.ts'

type Of = { comparison: ArmComparison; names: ComparedNames; words: Words }

/** One sentence that a decision can rest on: speed where quality allows it, with what else the arms take beside it. */
export function jointSentence(comparison: ArmComparison, names: ComparedNames, words: Words): string {
  const of = { comparison, names, words }
  const text = clausesOf(of).join('; ')
  const where = comparison.onServers ? words('verdict.on-servers', { text }) : text
  const notes = notesOf(of)
  return `${where}${notes === '' ? '' : ` (${notes})`}.`
}

function clausesOf(of: Of): string[] {
  const { comparison, words } = of
  const { outcome, speed, quality } = comparison.joint
  const [fast, good] = [found(of, speed), found(of, quality)]
  switch (outcome) {
    case 'faster':
    case 'slower':
    case 'equivalent':
      return [speedText(of, fast), ...qualityTexts(of, good), ...besideTexts(of)]
    case 'quality-unknown':
      return [speedText(of, fast), words('verdict.quality-unknown'), ...besideTexts(of)]
    case 'quality-worse':
    case 'quality-open':
      return [poorText(of, good, outcome), ...besideTexts(of)]
    case 'lengths-differ':
    case 'open':
    case 'none':
      return [speedText(of, fast), ...qualityTexts(of, good)]
  }
}

/** The metric of the first cell that has it. */
function found({ comparison }: Of, metric: Metric | undefined): MetricComparison | undefined {
  const all = comparison.cells.flatMap(({ metrics }) => metrics)
  return metric === undefined ? undefined : all.find((each) => each.metric === metric)
}

function speedText({ comparison, names, words }: Of, fast: MetricComparison | undefined): string {
  const said = fast ?? comparison.cells[0]?.metrics[0]
  if (said === undefined) return words('verdict.nothing-compared')
  if (!hasEstimate(said)) return verdictText(said, names, words)
  const { verdict, estimate } = said
  const margin = marginText(said, estimate.scale, words)
  if (verdict.row === 'beyond-margin') return beyondText(said, names, words, 'than')
  if (verdict.row === 'equivalent')
    return words('verdict.as-fast', {
      name: names.against,
      base: names.base,
      margin,
      range: changeTexts(said, estimate.equivalence, words).range,
    })
  return verdictText(said, names, words)
}

const hasEstimate = (comparison: MetricComparison): comparison is MetricComparison & WithEstimate =>
  comparison.estimate !== undefined

function qualityTexts({ words }: Of, good: MetricComparison | undefined): string[] {
  if (good === undefined || !hasEstimate(good) || good.worse !== 'no') return []
  const { metric, estimate, verdict } = good
  const label = words(`metric.${metric}.label`)
  const turn = turnOf(metric, estimate)
  if (verdict.row === 'beyond-margin' && turn.endsWith('-better')) return [besideText(good, words)]
  return [words('verdict.not-worse', { metric: label, margin: marginText(good, estimate.scale, words) })]
}

/** Quality that forbids a word on speed. */
function poorText({ names, words }: Of, good: MetricComparison | undefined, outcome: 'quality-worse' | 'quality-open') {
  if (good === undefined) return words('verdict.nothing-compared')
  if (!hasEstimate(good)) return words('verdict.quality-withheld', { text: verdictText(good, names, words) })
  const { size, sizes, rangeWithUnit } = changeTexts(good, good.estimate.interval, words)
  const worse = outcome === 'quality-worse'
  return words(`verdict.${outcome}`, {
    name: names.against,
    metric: words(`metric.${good.metric}.label`),
    change: size,
    range: worse ? sizes : rangeWithUnit,
    margin: marginText(good, good.estimate.scale, words),
  })
}

function besideTexts(of: Of): string[] {
  const { comparison, words } = of
  return comparison.joint.beside.flatMap((metric) => {
    const said = found(of, metric)
    return said === undefined || !hasEstimate(said) ? [] : (besideOrNothing(said, words) ?? [])
  })
}

const clear: readonly VerdictRow[] = ['beyond-margin', 'different']
const alike: readonly VerdictRow[] = ['equivalent', 'within-margin-but-different']

/** Nothing where nothing is settled. */
function besideOrNothing(said: MetricComparison & WithEstimate, words: Words): string | undefined {
  if (clear.includes(said.verdict.row)) return besideText(said, words)
  if (!alike.includes(said.verdict.row)) return undefined
  return words('verdict.beside.same', {
    metric: words(`metric.${said.metric}.label`),
    margin: marginText(said, said.estimate.scale, words),
  })
}

/** `it uses 12 % less memory (peak PSS)` */
function besideText(said: WithEstimate, words: Words): string {
  const { metric, estimate } = said
  const turn = turnOf(metric, estimate)
  const key = shownUnit(metric) === 'MiB' ? turn.replace('use-', 'memory-') : turn
  const { size } = changeTexts(said, estimate.interval, words)
  return words(`verdict.beside.${key}`, { change: size, metric: words(`metric.${metric}.label`) })
}

/** What is to be known of the whole sentence: that it was not declared, and how well it stands. */
function notesOf(of: Of): string {
  const { comparison, words } = of
  const { speed, quality, outcome } = comparison.joint
  const decided = found(of, outcome === 'quality-worse' ? quality : speed)
  return [
    comparison.declared ? undefined : words('verdict.exploratory'),
    decided?.standing === undefined ? undefined : words(`verdict.standing.${decided.standing}`),
    decided?.fragile === undefined ? undefined : words('verdict.fragile'),
  ]
    .filter((note) => note !== undefined)
    .join(', ')
}
