import type { Metric } from '../domain/metric.ts'
import { axisOf, logNotes, rowsWithin, type ValueAxis } from './axis.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { labelOf } from './metric-words.ts'
import { inShownUnit, percent, shownUnit, shownValue, significant } from './numbers.ts'
import { offersOf, type Cost, type Offer, type Offers } from './offers.ts'

/** Speed against what it costs in quality, memory and money, a panel each: one figure for each group; who is on the front is marked. */
export function tradeoffFigures(evidence: Evidence): Figure[] {
  return offersOf(evidence).map((all, index) => {
    const { metric, group, offers, costs } = all
    // Where all are on the front a ring would tell nothing.
    const rows = offers.flatMap((offer) =>
      offer.costs.map((cost, order): ChartRow => ({
        ...rowOf(evidence, metric, { offer, cost, order }),
        front: offer.isOnFront && !isAllFront(all),
      })),
    )
    const axis = axisOf(rows.map((row) => Number(row['speed'])))
    return {
      id: `tradeoff-${index + 1}`,
      metric: costs[0] ?? metric,
      group,
      title: titleOf(evidence, all),
      ...captionWith(evidence, all, axis),
      wide: false,
      chart: 'tradeoff',
      values: {
        rows: rowsWithin(apart(rows, axis), axis),
        ...scalesOf(
          evidence,
          offers.map(({ cell }) => cell.arm),
        ),
        ...axis,
        xTitle: named(evidence, metric),
      },
      twin: twinOf(evidence, all),
    }
  })
}

function isAllFront({ offers }: Offers): boolean {
  return offers.every(({ isOnFront }) => isOnFront)
}

function named(speaking: Pick<Evidence, 'words'>, metric: Metric): string {
  return [labelOf(speaking, metric), shownUnit(metric)].filter((part) => part !== '').join(', ')
}

type Point = { offer: Offer; cost: Cost; order: number }
function rowOf(evidence: Evidence, metric: Metric, { offer, cost, order }: Point): ChartRow {
  const { cell, speed, costs, valid } = offer
  const { low, high } = speed.interval ?? {}
  const lines = [{ metric, value: speed }, ...costs].map((each) => {
    const { text } = shownValue(each.metric, each.value.value, each.value.interval)
    return `${labelOf(evidence, each.metric)} ${text} ${shownUnit(each.metric)}`.trim()
  })
  return {
    arm: cell.arm.index,
    label: cell.arm.value,
    panel: named(evidence, cost.metric),
    order,
    speed: inShownUnit(metric, speed.value),
    low: low === undefined ? null : inShownUnit(metric, low),
    high: high === undefined ? null : inShownUnit(metric, high),
    cost: inShownUnit(cost.metric, cost.value.value),
    invalid: !valid,
    tip: [cell.name, ...lines].join('\n'),
  }
}

// In shares of the axis: two names that are nearer to each other stand one above, one below their marks.
const readable = 0.22

/** Names of neighbours on opposite sides of their marks. */
function apart(rows: readonly ChartRow[], { scale, least, most }: ValueAxis): ChartRow[] {
  const place = ({ speed }: ChartRow) =>
    scale === 'log' ? Math.log(Number(speed) / least) / Math.log(most / least) : Number(speed) / (most - least)
  return [...Map.groupBy(rows, ({ order }) => order).values()].flatMap((ofPanel) => {
    let last: { at: number; below: boolean } | undefined
    return ofPanel
      .toSorted((a, b) => place(a) - place(b))
      .map((row) => {
        const at = place(row)
        const below = last !== undefined && at - last.at < readable ? !last.below : false
        last = { at, below }
        return { ...row, below }
      })
  })
}

/** What the fastest one costs in perplexity; without one, who is on the front. */
function titleOf(evidence: Evidence, all: Offers): string {
  const { words } = evidence
  const [base, ...others] = all.offers
  const fastest = others.toSorted((a, b) => b.speed.value - a.speed.value)[0]
  if (base === undefined || fastest === undefined) return ''
  const [cost, paid] = [base.costs[0]?.value, fastest.costs[0]?.value]
  if (all.costs[0] !== 'perplexity' || cost === undefined || paid === undefined)
    return words('tradeoff.front-title', { names: frontNames(evidence, all), costs: listed(evidence, all) })
  const change = paid.value / cost.value - 1
  return words(change >= 0 ? 'chart.buys' : 'chart.buys-better', {
    other: fastest.cell.arm.value,
    base: base.cell.arm.value,
    ratio: significant(fastest.speed.value / base.speed.value),
    change: percent(Math.abs(change)),
  })
}

function frontNames({ words }: Evidence, { offers }: Offers): string {
  const names = offers.filter(({ isOnFront }) => isOnFront).map(({ cell }) => cell.arm.value)
  return names.length === 0 ? words('tradeoff.none') : names.join(', ')
}

function listed({ words }: Evidence, { metric, costs }: Offers): string {
  const labels = [metric, ...costs].map((each) => labelOf({ words }, each))
  return words('tradeoff.listed', { first: labels.slice(0, -1).join(', '), last: labels.at(-1) ?? '' })
}

function captionWith(evidence: Evidence, all: Offers, axis: ValueAxis) {
  const { words } = evidence
  const { metric, group, panel, costs, offers } = all
  const place = [group, panel].filter((part) => part !== '').join(', ')
  const labels = costs.map((each) => labelOf(evidence, each)).join(', ')
  const logs = logNotes(words, axis.scale === 'log')
  const front = { names: frontNames(evidence, all), costs: listed(evidence, all) }
  return captionOf(
    [
      words('tradeoff.what', { costs: labels, metric: labelOf(evidence, metric) }) + (place === '' ? '' : `: ${place}`),
      words(isAllFront(all) ? 'tradeoff.front-all' : 'tradeoff.front', front),
      ...(offers.some(({ valid }) => !valid) ? [words('chart.hollow')] : []),
      ...logs.short,
    ],
    [
      words('tradeoff.reading'),
      words('tradeoff.by-means'),
      words('tradeoff.axes'),
      ...(offers.some(({ borrowed }) => borrowed) ? [words('chart.borrowed')] : []),
      ...logs.reading,
    ],
  )
}

function twinOf({ words }: Evidence, { metric, costs, offers }: Offers): Figure['twin'] {
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(named({ words }, metric)),
      ...costs.map((cost) => numberCell(named({ words }, cost))),
      textCell(words('tradeoff.front-head')),
    ],
    rows: offers.map((offer) => [
      textCell(offer.cell.arm.name),
      valueCell(metric, offer.cell, offer.speed),
      ...offer.costs.map(({ metric: cost, cell, value }) => valueCell(cost, cell, value)),
      textCell(words(offer.isOnFront ? 'tradeoff.on-front' : offer.valid ? 'tradeoff.off-front' : 'resources.invalid')),
    ]),
  }
}

function valueCell(metric: Metric, cell: ShownCell, { value, interval }: CellValue): TwinCell {
  return numberCell(shownValue(metric, value, interval).text, `#cell-${cell.index + 1}`)
}
