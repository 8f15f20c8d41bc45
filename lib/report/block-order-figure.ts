import { geometricMean, mean } from '../stats/mean.ts'
import { axisEnds, blockPanels, metricName, panelName } from './block-panels.ts'
import type { ChartRow } from './chart.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, textCell, type Figure, type TwinCell } from './figure.ts'
import { pairScales } from './pair-scales.ts'
import { lastBlock } from './paired-figure.ts'
import type { ShownPair } from './shown-pair.ts'
import { changeTexts, changeUnit, changeValue } from './verdict-numbers.ts'
import type { Weighed } from './weighed.ts'

/** By how much the arms differed in each block, in the order of the blocks, and which of them ran first. */
export function blockOrderFigures(evidence: Evidence, pair: ShownPair): Figure[] {
  const { words } = evidence
  const { shown, left } = blockPanels(pair)
  const [first] = shown
  if (first === undefined) return []
  const flagged = shown.some(({ comparison }) => comparison.blocks.some(({ outlier }) => outlier === true))
  const notes = [
    words('ab.order-what', pair.names),
    ...(flagged ? [words('ab.hollow-outliers')] : []),
    ...(left > 0 ? [words('ab.left-out', { n: left })] : []),
  ]
  return [
    {
      id: `block-order-${pair.index + 1}`,
      metric: first.comparison.metric,
      group: first.cells.base.arm.group,
      title: titleOf(evidence, first),
      ...captionOf(notes, [words('ab.order-reading'), words('ab.axis-close')]),
      wide: true,
      chart: 'block-order',
      values: {
        rows: shown.flatMap((each, order) => rowsOf(evidence, each, order)),
        ...pairScales(pair),
        xTitle: words('ab.block-axis'),
        last: lastBlock(shown) + 0.5,
      },
      twin: { head: headOf(evidence), rows: shown.flatMap((each) => twinRows(evidence, each)) },
    },
  ]
}

/** The mean change of the blocks that either arm began: who ran first is to make no difference. */
function titleOf({ words }: Evidence, shown: Weighed): string {
  const { comparison, pair } = shown
  const label = metricName(words, shown)
  const began = (side: 'base' | 'against') => {
    const { scale } = comparison.estimate
    const changes = comparison.blocks.flatMap(({ first, change }) => (first === side ? [change] : []))
    if (changes.length === 0) return undefined
    const change = scale === 'ratio' ? geometricMean(changes) : mean(changes)
    const estimate = { ...comparison.estimate, change }
    return changeTexts({ ...comparison, estimate }, estimate.interval, words).signed
  }
  const [base, against] = [began('base'), began('against')]
  if (base === undefined || against === undefined) return words('ab.order-one', { label })
  return words('ab.order-title', { label, baseName: pair.names.base, base, againstName: pair.names.against, against })
}

function rowsOf({ words }: Evidence, shown: Weighed, order: number): ChartRow[] {
  const { comparison, cells, pair } = shown
  const { metric, estimate, blocks } = comparison
  const { scale, interval } = estimate
  const value = (change: number) => changeValue(metric, scale, change)
  const panel = panelName(words, shown, changeUnit(metric, scale, words))
  const texts = changeTexts(comparison, interval, words)
  const meanRow = {
    panel,
    order,
    kind: 'mean',
    value: value(estimate.change),
    low: value(interval.low),
    high: value(interval.high),
    tip: `${panel}\n${texts.signed} (${texts.range})`,
  }
  const values = [meanRow.low, meanRow.high, ...blocks.map(({ change }) => value(change))]
  return [
    meanRow,
    ...axisEnds(values).map((level) => ({ panel, order, kind: 'extent', level })),
    ...(isNear(values) ? [{ panel, order, kind: 'zero', level: 0 }] : []),
    ...blocks.map(({ block, change, first, outlier }) => ({
      panel,
      order,
      kind: 'point',
      at: block + 1,
      value: value(change),
      series: pair.names[first],
      arm: cells[first].arm.index,
      outlier: outlier === true,
      tip: [
        words('point.block', { block: block + 1 }),
        changeTexts({ ...comparison, estimate: { ...estimate, change } }, interval, words).signed,
        words('ab.first', { name: pair.names[first] }),
      ].join('\n'),
    })),
  ]
}

/** Whether zero is so near that the axis may reach it: else blocks would be a line far from it. */
function isNear(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low - (high - low) <= 0 && high + (high - low) >= 0
}

function headOf({ words }: Evidence): TwinCell[] {
  return [
    textCell(words('ab.metric')),
    textCell(words('ab.block')),
    numberCell(words('ab.change')),
    textCell(words('ab.ran-first')),
    textCell(''),
  ]
}

/** The mean first, then block by block. */
function twinRows({ words }: Evidence, shown: Weighed): TwinCell[][] {
  const { comparison, pair } = shown
  const { metric, estimate, blocks } = comparison
  const panel = panelName(words, shown, changeUnit(metric, estimate.scale, words))
  const { signed, range } = changeTexts(comparison, estimate.interval, words)
  const text = (change: number) =>
    changeTexts({ ...comparison, estimate: { ...estimate, change } }, estimate.interval, words).signed
  return [
    [textCell(panel), textCell(words('ab.mean')), numberCell(signed), textCell(''), textCell(range)],
    ...blocks.map(({ block, change, first, outlier }) => [
      textCell(panel),
      textCell(String(block + 1)),
      numberCell(text(change)),
      textCell(pair.names[first]),
      textCell(outlier === true ? words('ab.outlier') : ''),
    ]),
  ]
}
