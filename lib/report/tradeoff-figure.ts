import { metrics, type Metric } from '../domain/metric.ts'
import { axisOf, rowsWithin } from './axis.ts'
import type { ChartRow } from './chart.ts'
import { hasRandomWeights, type ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { numberCell, scalesOf, textCell, type Figure } from './figure.ts'
import { inShownUnit, percent, shownUnit, shownValue, significant } from './numbers.ts'

/** An arm of which both speed and quality are known. */
export type Pair = {
  speed: ShownCell
  quality: ShownCell
  speedValue: CellValue
  qualityValue: CellValue
  /** The quality was measured on an arm that differs in other settings (threads), as this one has none of its own. */
  borrowed: boolean
}

/**
 * The arms whose speed and perplexity are both known, group by group, each at the first setting where there are most.
 * Only where no arm has both is the perplexity taken from one of the same group and compared value: settings such as
 * threads do not change it beyond rounding.
 */
export function pairsOf(evidence: Evidence): { metric: Metric; group: string; panel: string; pairs: Pair[] }[] {
  const [speed] = measuredSpeeds(evidence)
  if (speed === undefined) return []
  const groups = Map.groupBy(speed.cells, (cell) => cell.arm.group)
  return [...groups.entries()].flatMap(([group, cells]) => {
    const panels = [...Map.groupBy(cells, (cell) => cell.panel).entries()].map(([panel, ofPanel]) => {
      const own = ofPanel.flatMap((cell) => pairOf(evidence, speed.metric, cell, false))
      return {
        metric: speed.metric,
        group,
        panel,
        pairs: own.length > 0 ? own : ofPanel.flatMap((cell) => pairOf(evidence, speed.metric, cell, true)),
      }
    })
    const ranked = panels.toSorted((a, b) => rank(b.pairs) - rank(a.pairs))
    const [best] = ranked
    return best === undefined || best.pairs.length < 2 ? [] : [best]
  })
}

/** Perplexities of an arm's own first, then as many as there are. */
function rank(pairs: readonly Pair[]): number {
  return pairs.length + (pairs.some((pair) => pair.borrowed) ? 0 : pairs.length > 1 ? 1000 : 0)
}

function pairOf(evidence: Evidence, metric: Metric, speed: ShownCell, borrowed: boolean): Pair[] {
  const same = (cell: ShownCell) =>
    borrowed ? cell.arm.group === speed.arm.group && cell.arm.value === speed.arm.value : cell.arm === speed.arm
  const speedValue = evidence.valueOf(speed, metric)
  const found = evidence.comparison.cells
    .filter((cell) => cell.kind === 'perplexity' && !hasRandomWeights(cell.cell) && same(cell))
    .map((quality) => ({ quality, qualityValue: evidence.valueOf(quality, 'perplexity') }))
    .find(({ qualityValue }) => qualityValue !== undefined)
  if (speedValue === undefined || found?.qualityValue === undefined) return []
  return [{ speed, speedValue, quality: found.quality, qualityValue: found.qualityValue, borrowed }]
}

/** Speed against quality: one figure for each group that has both. */
export function tradeoffFigures(evidence: Evidence): Figure[] {
  return pairsOf(evidence).map(({ metric, group, panel, pairs }, index) => {
    const { words } = evidence
    const rows = pairs.map((pair) => rowOf(evidence, metric, pair))
    const arms = pairs.map((pair) => pair.speed.arm)
    const scale = axisOf(rows.map((row) => Number(row['speed'])))
    const place = [group, panel].filter((part) => part !== '').join(', ')
    const notes = [
      words('chart.tradeoff', { metric: metrics[metric].label }) + (place === '' ? '' : `: ${place}`),
      words('chart.quality-axis'),
      ...(pairs.some((pair) => pair.borrowed) ? [words('chart.borrowed')] : []),
      ...(pairs.some((pair) => !pair.speedValue.valid || !pair.qualityValue.valid) ? [words('chart.hollow')] : []),
      ...(scale.scale === 'log' ? [words('chart.log')] : []),
    ]
    return {
      id: `tradeoff-${index + 1}`,
      metric: 'perplexity',
      group,
      title: title(evidence, pairs),
      subtitle: notes.join('; '),
      wide: false,
      chart: 'tradeoff',
      values: {
        rows: rowsWithin(rows, scale),
        ...scalesOf(evidence, arms),
        ...scale,
        xTitle: `${metrics[metric].label}, ${shownUnit(metric)}`,
        yTitle: metrics.perplexity.label,
      },
      twin: twinOf(evidence, metric, pairs),
    }
  })
}

function title(evidence: Evidence, pairs: readonly Pair[]): string {
  const [base, ...others] = pairs
  const fastest = others.toSorted((a, b) => b.speedValue.value - a.speedValue.value)[0]
  if (base === undefined || fastest === undefined) return ''
  const change = fastest.qualityValue.value / base.qualityValue.value - 1
  return evidence.words(change >= 0 ? 'chart.buys' : 'chart.buys-better', {
    other: fastest.speed.arm.value,
    base: base.speed.arm.value,
    ratio: significant(fastest.speedValue.value / base.speedValue.value),
    change: percent(Math.abs(change)),
  })
}

function rowOf(evidence: Evidence, metric: Metric, { speed, speedValue, qualityValue }: Pair): ChartRow {
  const fast = shownValue(metric, speedValue.value, speedValue.interval)
  const good = shownValue('perplexity', qualityValue.value, qualityValue.interval)
  const { low, high } = speedValue.interval ?? {}
  return {
    arm: speed.arm.index,
    label: speed.arm.value,
    speed: inShownUnit(metric, speedValue.value),
    low: low === undefined ? null : inShownUnit(metric, low),
    high: high === undefined ? null : inShownUnit(metric, high),
    quality: qualityValue.value,
    invalid: !speedValue.valid || !qualityValue.valid,
    tip: `${speed.name}\n${metrics[metric].label} ${fast.text} ${shownUnit(metric)}\n${metrics.perplexity.label} ${good.text}`,
  }
}

function twinOf(evidence: Evidence, metric: Metric, pairs: readonly Pair[]): Figure['twin'] {
  return {
    head: [
      textCell(evidence.words('twin.cell')),
      numberCell(`${metrics[metric].label}, ${shownUnit(metric)}`),
      numberCell(metrics.perplexity.label),
    ],
    rows: pairs.map((pair) => [
      textCell(pair.speed.arm.name),
      valueCell(metric, pair.speed, pair.speedValue),
      valueCell('perplexity', pair.quality, pair.qualityValue),
    ]),
  }
}

function valueCell(metric: Metric, cell: ShownCell, { value, interval }: CellValue) {
  return numberCell(shownValue(metric, value, interval).text, `#cell-${cell.index + 1}`)
}
