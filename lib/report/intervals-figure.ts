import type { Estimate, VerdictRow } from '../domain/verdict.ts'
import { metricName, panelName } from './block-panels.ts'
import { changeAxes, type ChangeAxes, type Span } from './change-axis.ts'
import type { ChartRow } from './chart.ts'
import { captionOf, numberCell, textCell, type Figure, type TwinCell } from './figure.ts'
import type { Evidence } from './evidence.ts'
import { missing } from './numbers.ts'
import { pairScales } from './pair-scales.ts'
import { shortVerdict } from './short-verdict.ts'
import { metricsOf, type ShownPair } from './shown-pair.ts'
import { confidenceText } from './verdict-method.ts'
import { changeTexts, changeUnit, changeValue, floorText, marginEnds, marginText } from './verdict-numbers.ts'
import { weighedOf, type Weighed } from './weighed.ts'
import type { Words } from './words.ts'

const mostPanels = 8
const mostInTitle = 3

/** By how much B differs from A in each metric, with what each verdict was read from; nothing where none was read from an interval. */
export function intervalsFigures(evidence: Evidence, pair: ShownPair): Figure[] {
  const all = weighedOf(metricsOf(pair))
  const [first] = all
  if (first === undefined) return []
  const { words } = evidence
  const shown = all.slice(0, mostPanels)
  const axis = changeAxes(shown)
  return [
    {
      id: `intervals-${pair.index + 1}`,
      metric: pair.comparison.joint.speed ?? first.comparison.metric,
      group: first.cells.base.arm.group,
      title: titleOf(evidence, pair, shown),
      ...captionOf(subtitle(evidence, shown, all.length - shown.length), reading(evidence, shown, axis)),
      wide: true,
      chart: 'intervals',
      values: {
        rows: shown.flatMap((each, order) => rowsOf(evidence, each, { order, axis })),
        ...pairScales(pair),
        resolve: axis.shared ? 'shared' : 'independent',
        xTitle: axis.shared ? words('ab.change-axis', { unit: unitOf(evidence, first), ...pair.names }) : '',
      },
      twin: { head: headOf(evidence), rows: all.flatMap((each) => twinRows(evidence, each)) },
    },
  ]
}

function titleOf({ words }: Evidence, pair: ShownPair, shown: readonly Weighed[]): string {
  const told = shown.some(({ comparison }) => comparison.declared)
    ? shown.filter(({ comparison }) => comparison.declared)
    : shown
  const changes = told.slice(0, mostInTitle).map((each) => {
    const { signed } = changeTexts(each.comparison, each.comparison.estimate.interval, words)
    return `${metricName(words, each)} ${signed}`
  })
  return words('ab.intervals-title', { ...pair.names, changes: changes.join(', ') })
}

function subtitle({ words }: Evidence, shown: readonly Weighed[], left: number): string[] {
  return [
    words('ab.intervals-what'),
    words('ab.intervals-marks', levelsOf(shown)),
    ...(shown.some(({ comparison: { floor, estimate } }) => floor !== undefined && estimate.of === 'blocks')
      ? [words('ab.intervals-floor')]
      : []),
    ...(left > 0 ? [words('ab.left-out', { n: left })] : []),
  ]
}

/** Of the first: `99.17 %`. */
function levelsOf([first]: readonly Weighed[]) {
  const { interval, equivalence } = (first as Weighed).comparison.estimate
  return { interval: confidenceText(interval.confidence), equivalence: confidenceText(equivalence.confidence) }
}

function reading({ words }: Evidence, shown: readonly Weighed[], axis: ChangeAxes): string[] {
  const has = (test: (one: Weighed['comparison']) => boolean) => shown.some(({ comparison }) => test(comparison))
  return [
    ...(has(({ blocks }) => blocks.length > 0) ? [words('ab.intervals-dots')] : []),
    ...(has(({ blocks }) => blocks.some(({ outlier }) => outlier === true)) ? [words('ab.hollow-outliers')] : []),
    ...(has(({ unblocked }) => unblocked !== undefined) ? [words('ab.intervals-faint')] : []),
    ...(has(({ declared }) => !declared) ? [words('ab.intervals-exploratory')] : []),
    ...levelNotes(words, shown),
    ...(shown.length > 1 && !axis.shared ? [words('ab.intervals-own')] : []),
    ...(axis.cut ? [words('chart.beyond')] : []),
  ]
}

/** Where several are compared each of them has to be surer. */
function levelNotes(words: Words, shown: readonly Weighed[]): string[] {
  const isSurer = shown.some(({ comparison }) => comparison.estimate.interval.confidence > 0.95 + 1e-9)
  return isSurer ? [words('ab.intervals-levels')] : []
}

const unitOf = ({ words }: Evidence, { comparison: { metric, estimate } }: Weighed) =>
  changeUnit(metric, estimate.scale, words)

/** `decode, %: faster, beyond the margin`: what a panel shows and what was read from it. */
function panelOf(evidence: Evidence, shown: Weighed): string {
  const verdict = shortVerdict(evidence.words, shown.comparison, shown.comparison.verdict.row)
  return `${panelName(evidence.words, shown, unitOf(evidence, shown))}: ${verdict}`
}

/** What an estimate was made of. */
function basisOf({ words }: Evidence, { of, n, pairing }: Estimate): string {
  return words(pairing === 'unpaired' ? 'ab.of.unpaired' : `ab.of.${of}`, { n })
}

function rowsOf(evidence: Evidence, shown: Weighed, { order, axis }: { order: number; axis: ChangeAxes }): ChartRow[] {
  const { comparison, cells } = shown
  const { metric, estimate, unblocked, margin, floor, blocks } = comparison
  const axisOf = axis.of(shown)
  const { low, high } = axisOf
  const at = (change: number) => Math.min(high, Math.max(low, changeValue(metric, estimate.scale, change)))
  const [from, to] = marginEnds(margin, estimate.scale).map(at)
  const floors = floor === undefined || estimate.of !== 'blocks' ? [] : marginEnds(floor, estimate.scale).map(at)
  const panel = panelOf(evidence, shown)
  const base = { panel, order, arm: cells.against.arm.index, series: shown.pair.names.against }
  const own = { ...base, label: basisOf(evidence, estimate), faint: false }
  return [
    { ...own, kind: 'margin', from: from ?? 0, to: to ?? 0 },
    { ...own, kind: 'zero', at: 0 },
    ...floors.map((place) => ({ ...own, kind: 'floor', at: place })),
    ...[low, high].map((place) => ({ ...own, kind: 'extent', at: place })),
    ...blocks.map((block) => ({
      ...own,
      kind: 'raw',
      value: at(block.change),
      outlier: block.outlier === true,
      tip: evidence.words('point.block', { block: block.block + 1 }),
    })),
    ...estimateRows(evidence, shown, { row: own, estimate, verdict: comparison.verdict.row, at, axisOf }),
    ...(unblocked === undefined
      ? []
      : estimateRows(evidence, shown, {
          row: { ...base, label: evidence.words('ab.unblocked'), faint: true },
          estimate: unblocked.estimate,
          verdict: unblocked.row,
          at,
          axisOf,
        })),
  ]
}

/** Where there is more room for a number: right of an interval, or left of one that is near the end of its axis. */
function labelSide({ low, high }: Span, from: number, to: number) {
  const isFar = high - to < 0.35 * (high - low)
  return isFar ? { end: from, align: 'right', dx: -10 } : { end: to, align: 'left', dx: 10 }
}

type Drawn = {
  row: ChartRow
  estimate: Estimate
  verdict: VerdictRow
  at: (change: number) => number
  axisOf: Span
}
function estimateRows(
  { words }: Evidence,
  { comparison }: Weighed,
  { row, estimate, verdict, at, axisOf }: Drawn,
): ChartRow[] {
  const { interval, equivalence } = estimate
  const texts = changeTexts({ ...comparison, estimate }, interval, words)
  const tip = [row['panel'], row['label'], `${texts.signed} (${texts.range})`, shortVerdict(words, comparison, verdict)]
  return [
    { ...row, kind: 'interval', low: at(interval.low), high: at(interval.high) },
    { ...row, kind: 'equivalence', low: at(equivalence.low), high: at(equivalence.high) },
    {
      ...row,
      kind: 'estimate',
      value: at(estimate.change),
      ...labelSide(axisOf, at(interval.low), at(interval.high)),
      text: row['faint'] === true ? '' : texts.signed,
      hollow: !comparison.declared,
      tip: tip.join('\n'),
    },
  ]
}

function headOf({ words }: Evidence): TwinCell[] {
  return [
    textCell(words('ab.metric')),
    textCell(words('ab.basis')),
    numberCell(words('ab.change')),
    numberCell(words('ab.interval')),
    numberCell(words('ab.equivalence')),
    numberCell(words('ab.check')),
    numberCell(words('ab.margin')),
    numberCell(words('ab.floor')),
    textCell(words('ab.verdict')),
  ]
}

function twinRows(evidence: Evidence, shown: Weighed): TwinCell[][] {
  const { words } = evidence
  const { comparison } = shown
  const { metric, estimate, unblocked, floor } = comparison
  const rowOf = (basis: string, of: Estimate, row: VerdictRow): TwinCell[] => {
    const texts = changeTexts({ ...comparison, estimate: of }, of.interval, words)
    return [
      textCell(metricName(words, shown)),
      textCell(basis),
      numberCell(texts.signed),
      numberCell(texts.range),
      numberCell(changeTexts({ ...comparison, estimate: of }, of.equivalence, words).range),
      numberCell(
        of.check === undefined ? missing : changeTexts({ ...comparison, estimate: of }, of.check, words).range,
      ),
      numberCell(marginText(comparison, of.scale, words)),
      numberCell(floor === undefined ? missing : floorText(metric, floor, of.scale, words)),
      textCell(shortVerdict(words, comparison, row)),
    ]
  }
  return [
    rowOf(basisOf(evidence, estimate), estimate, comparison.verdict.row),
    ...(unblocked === undefined ? [] : [rowOf(words('ab.unblocked'), unblocked.estimate, unblocked.row)]),
  ]
}
