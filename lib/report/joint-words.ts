import type { Metric } from '../domain/metric.ts'
import type { ArmComparison, JointVerdict, MetricComparison, VerdictRow } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { shownUnit } from './numbers.ts'
import { changeTexts, confidenceName, marginText } from './verdict-numbers.ts'
import { beyondText, turnOf, verdictText, type WithEstimate } from './verdict-words.ts'
import type { Words } from './words.ts'

type Of = { comparison: ArmComparison; names: ComparedNames; words: Words }

/** One sentence that a decision can rest on: speed where quality allows it, with what else the arms take beside it. */
export function jointSentence(comparison: ArmComparison, names: ComparedNames, words: Words): string {
  const of = { comparison, names, words }
  const text = clausesOf(of).join('; ')
  const where = comparison.onServers ? words('verdict.on-servers', { text }) : text
  const notes = notesOf(of)
  return `${[where, ...notes].join('; ')}.`
}

function clausesOf(of: Of): string[] {
  const { comparison, words } = of
  const { outcome, quality } = comparison.joint
  const good = found(of, quality)
  const poor = allOf(of).find((each) => each.metric === quality && each.worse !== 'no' && isPoor(each, outcome))
  switch (outcome) {
    case 'faster':
    case 'slower':
    case 'equivalent':
      return [...speedTexts(of), ...qualityTexts(of, good), ...besideTexts(of)]
    case 'quality-unknown':
      return [...speedTexts(of), words('verdict.quality-unknown'), ...besideTexts(of)]
    case 'quality-worse':
    case 'quality-open':
      return [...poorTexts(of, poor ?? good, outcome), ...besideTexts(of)]
    case 'lengths-differ':
      return [...lengthTexts(of), ...speedTexts(of), ...qualityTexts(of, good)]
    case 'open':
    case 'none':
      return [...speedTexts(of), ...qualityTexts(of, good)]
  }
}

/** Of several cells the one that decided. */
const isPoor = ({ worse }: MetricComparison, outcome: JointVerdict['outcome']) =>
  outcome !== 'quality-worse' || worse === 'yes'

const allOf = ({ comparison }: Of) => comparison.cells.flatMap(({ metrics }) => metrics)

/** The metric of the first cell that has it. */
function found(of: Of, metric: Metric | undefined): MetricComparison | undefined {
  return metric === undefined ? undefined : allOf(of).find((each) => each.metric === metric)
}

const mostCells = 3

/** Of speed what each cell says, where they are asked different things and do not say the same. */
function speedTexts(of: Of): string[] {
  const { comparison, names, words } = of
  const { speed } = comparison.joint
  const [first] = allOf(of)
  if (first === undefined) return [words('verdict.nothing-compared')]
  const ofSpeed = allOf(of).filter(({ metric }) => metric === speed)
  const said = ofSpeed.length === 0 ? [first] : ofSpeed
  const texts = said.map((each) => ({ text: speedText(of, each), cell: names.cell?.(each.base) ?? '' }))
  if (new Set(texts.map(({ text }) => text)).size === 1) return texts.slice(0, 1).map(({ text }) => text)
  const rest = texts.length - mostCells
  return [
    ...texts
      .slice(0, rest > 1 ? mostCells : texts.length)
      .map(({ text, cell }) => (cell === '' ? text : words('verdict.in-cell', { cell, text }))),
    ...(rest > 1 ? [words('verdict.more-cells', { n: rest })] : []),
  ]
}

function speedText({ names, words }: Of, said: MetricComparison): string {
  if (!hasEstimate(said)) return verdictText(said, names, words)
  const { verdict, estimate } = said
  if (verdict.row === 'beyond-margin') return beyondText(said, names, words, 'than')
  if (verdict.row !== 'equivalent') return verdictText(said, names, words)
  return words('verdict.as-fast', {
    name: names.against,
    base: names.base,
    margin: marginText(said, estimate.scale, words),
    ci: confidenceName(estimate.equivalence, 0.9, words),
    range: changeTexts(said, estimate.equivalence, words).range,
  })
}

/** That answers differ in length, where no metric of speed says so itself. */
function lengthTexts(of: Of): string[] {
  const { comparison, names, words } = of
  const isSaid = allOf(of).some(
    ({ metric, verdict }) => metric === comparison.joint.speed && verdict.row === 'lengths-differ',
  )
  if (isSaid) return []
  const other = allOf(of).find(({ verdict }) => verdict.row === 'lengths-differ')
  return [other === undefined ? words('verdict.lengths-apart') : verdictText(other, names, words)]
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

/** Quality that forbids a word on speed; where there is none of either, what there is none for. */
function poorTexts(of: Of, poor: MetricComparison | undefined, outcome: 'quality-worse' | 'quality-open'): string[] {
  const { names, words } = of
  if (poor === undefined) return [words('verdict.nothing-compared')]
  const fast = found(of, of.comparison.joint.speed)
  if (!hasEstimate(poor)) {
    if (fast === undefined || !hasEstimate(fast)) return speedTexts(of)
    return [words('verdict.quality-withheld', { text: verdictText(poor, names, words) })]
  }
  const { size, sizes, rangeWithUnit } = changeTexts(poor, poor.estimate.interval, words)
  // Of what has no speed nothing hangs on quality: that comes first.
  const isAlone = outcome === 'quality-open' && fast !== undefined && !hasEstimate(fast)
  const text = words(isAlone ? 'verdict.quality-open-alone' : `verdict.${outcome}`, {
    name: names.against,
    metric: words(`metric.${poor.metric}.label`),
    change: size,
    ci: confidenceName(poor.estimate.interval, 0.95, words),
    range: outcome === 'quality-worse' ? sizes : rangeWithUnit,
    margin: marginText(poor, poor.estimate.scale, words),
  })
  return isAlone ? [...speedTexts(of), text] : [text]
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
function notesOf(of: Of): string[] {
  const { comparison, words } = of
  const { speed, quality, outcome } = comparison.joint
  const decided = found(of, outcome === 'quality-worse' ? quality : speed)
  return [
    comparison.heldBack ? words('verdict.held-back') : undefined,
    comparison.declared && decided?.declared !== false ? undefined : words('verdict.exploratory'),
    decided?.standing === undefined ? undefined : words(`verdict.standing.${decided.standing}`),
    decided?.fragile === undefined ? undefined : words('verdict.fragile'),
    decided?.disputed === undefined ? undefined : words('verdict.disputed'),
  ].filter((note) => note !== undefined)
}
