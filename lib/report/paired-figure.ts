import type { BlockValue } from '../domain/verdict.ts'
import { axisEnds, blockPanels, metricName, panelName } from './block-panels.ts'
import { blockLossText } from './block-losses.ts'
import type { ChartRow } from './chart.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, textCell, type Figure, type TwinCell } from './figure.ts'
import { inShownUnit, shownUnit, significant } from './numbers.ts'
import { pairScales } from './pair-scales.ts'
import type { ShownPair } from './shown-pair.ts'
import { changeUnit, changeValue } from './verdict-numbers.ts'
import type { Weighed } from './weighed.ts'

/** What each arm measured in each block, the two of a block joined: nothing of it is a mean over blocks. */
export function pairedFigures(evidence: Evidence, pair: ShownPair): Figure[] {
  const { words } = evidence
  const { shown, left } = blockPanels(pair)
  const [first] = shown
  if (first === undefined) return []
  const lost = shown.some(({ comparison }) => comparison.losses.length > 0)
  const notes = [
    words('ab.paired-what'),
    ...(lost ? [words('ab.paired-lost')] : []),
    ...(left > 0 ? [words('ab.left-out', { n: left })] : []),
  ]
  return [
    {
      id: `paired-${pair.index + 1}`,
      metric: first.comparison.metric,
      group: first.cells.base.arm.group,
      title: titleOf(evidence, first),
      ...captionOf(notes, [words('ab.paired-reading'), words('ab.axis-close')]),
      wide: true,
      chart: 'paired',
      values: {
        rows: shown.flatMap((each, order) => rowsOf(evidence, each, order)),
        ...pairScales(pair),
        xTitle: words('ab.block-axis'),
        last: lastBlock(shown) + 0.5,
      },
      twin: { head: headOf(evidence, pair), rows: shown.flatMap((each) => twinRows(evidence, each)) },
    },
  ]
}

/** Where the axis of blocks ends: numbered from 1. */
export function lastBlock(shown: readonly Weighed[]): number {
  return Math.max(
    ...shown.flatMap(({ comparison: { blocks, losses } }) => [...blocks, ...losses].map(({ block }) => block + 1)),
  )
}

/** In how many blocks the first metric was higher with B. */
function titleOf({ words }: Evidence, shown: Weighed): string {
  const { comparison, pair } = shown
  const { blocks } = comparison
  const label = metricName(words, shown)
  const [higher, lower] = [1, -1].map(
    (sign) => blocks.filter((block) => sign * (block.against - block.base) > 0).length,
  )
  if (higher === 0 && lower === 0) return words('ab.paired-equal', { label, blocks: blocks.length })
  const more = (higher ?? 0) >= (lower ?? 0)
  return words(more ? 'ab.paired-higher' : 'ab.paired-lower', {
    ...pair.names,
    label,
    n: (more ? higher : lower) ?? 0,
    blocks: blocks.length,
  })
}

function rowsOf(evidence: Evidence, shown: Weighed, order: number): ChartRow[] {
  const { comparison, pair } = shown
  const { metric, blocks, losses } = comparison
  const panel = panelName(evidence.words, shown, shownUnit(metric))
  const of = (block: number) => ({ panel, order, at: block + 1 })
  const values = blocks.flatMap(({ base, against }) => [base, against].map((value) => inShownUnit(metric, value)))
  return [
    ...axisEnds(values).map((level) => ({ panel, order, kind: 'extent', level })),
    ...blocks.flatMap((block): ChartRow[] => {
      const [a, b] = [inShownUnit(metric, block.base), inShownUnit(metric, block.against)]
      return [
        { ...of(block.block), kind: 'pair', low: Math.min(a, b), high: Math.max(a, b) },
        ...sides.map((side) => ({
          ...of(block.block),
          ...pointOf(shown, side, side === 'base' ? a : b),
          hollow: false,
          tip: tipOf(evidence, shown, block, side),
        })),
      ]
    }),
    ...losses.flatMap(({ block, arm }): ChartRow[] => {
      const found = lostValue(evidence, shown, block, arm)
      const tip = blockLossText(
        evidence,
        pair,
        losses.filter((each) => each.block === block),
      )
      return [
        { ...of(block), kind: 'lost', text: '×', tip },
        ...(found === undefined
          ? []
          : [{ ...of(block), ...pointOf(shown, arm, inShownUnit(metric, found)), hollow: true, tip }]),
      ]
    }),
  ]
}

type Side = 'base' | 'against'
const sides: readonly Side[] = ['base', 'against']

function pointOf({ cells, pair }: Weighed, side: Side, value: number) {
  return { kind: 'point', series: pair.names[side], arm: cells[side].arm.index, value }
}

/** What an invalid trial measured: seen, but no part of anything. */
function lostValue(evidence: Evidence, { comparison, cells }: Weighed, block: number, side: Side): number | undefined {
  const points = evidence.valueOf(cells[side], comparison.metric)?.points ?? []
  return points.find(({ trial, valid }) => trial.block === block && !valid)?.value
}

function tipOf({ words }: Evidence, { comparison, pair }: Weighed, block: BlockValue, side: Side): string {
  const { metric } = comparison
  const value = `${significant(inShownUnit(metric, block[side]), 4)} ${shownUnit(metric)}`.trim()
  return [words('point.block', { block: block.block + 1 }), `${pair.names[side]}: ${value}`].join('\n')
}

function headOf({ words }: Evidence, { names }: ShownPair): TwinCell[] {
  return [
    textCell(words('ab.metric')),
    numberCell(words('ab.block')),
    numberCell(names.base),
    numberCell(names.against),
    numberCell(words('ab.change')),
  ]
}

function twinRows({ words }: Evidence, shown: Weighed): TwinCell[][] {
  const { metric, blocks, estimate } = shown.comparison
  const unit = changeUnit(metric, estimate.scale, words)
  return blocks.map(({ block, base, against, change }) => [
    textCell(panelName(words, shown, shownUnit(metric))),
    numberCell(String(block + 1)),
    numberCell(significant(inShownUnit(metric, base), 4)),
    numberCell(significant(inShownUnit(metric, against), 4)),
    numberCell(`${significant(changeValue(metric, estimate.scale, change), 3)} ${unit}`.trim()),
  ])
}
