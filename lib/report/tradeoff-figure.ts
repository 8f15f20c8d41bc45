import type { Metric } from '../domain/metric.ts'
import { axisNotes, axisOf, logNotes, rowsWithin, shareOf, type ValueAxis } from './axis.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { countRange } from './count-range.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { inShownUnit, missing, percent, shownUnit, shownValue, significant } from './numbers.ts'
import { type LabelPlace, placeLabels } from './place-labels.ts'
import { validOnly } from './valid-only.ts'
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
    const axis = axisOf(
      rows.map((row) => Number(row['speed'])),
      Math.max(0, ...rows.map((row) => Number(row['high'] ?? 0))),
    )
    const drawn = labelled(rows, axis)
    return {
      id: `tradeoff-${index + 1}`,
      metric: costs[0] ?? metric,
      group,
      title: titleOf(evidence, all),
      ...captionWith(evidence, all, axis, drawn),
      wide: false,
      chart: 'tradeoff',
      values: {
        rows: rowsWithin(drawn, axis),
        ...scalesOf(
          evidence,
          offers.map(({ cell }) => cell.arm),
        ),
        ...axis,
        leastWidth: plot.width,
        xTitle: namedWithUnit(evidence, metric),
      },
      twin: twinOf(evidence, all),
    }
  })
}

function isAllFront({ offers }: Offers): boolean {
  return offers.every(({ isOnFront }) => isOnFront)
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
    panel: namedWithUnit(evidence, cost.metric),
    order,
    speed: inShownUnit(metric, speed.value),
    low: low === undefined ? null : inShownUnit(metric, low),
    high: high === undefined ? null : inShownUnit(metric, high),
    cost: inShownUnit(cost.metric, cost.value.value),
    invalid: !valid,
    tip: [cell.name, ...lines].join('\n'),
  }
}

// Labels are placed for the narrowest: what is clear of each other there is so wherever there is more room.
const plot = { width: 240, height: 170 } as const
// As the template has it: from the least and the largest to the ends of the axis of what it costs.
const padding = 30
const ringed = 4
const longest = 14

/** With places for their names beside their marks, panel by panel; a name without room is in the table. */
function labelled(rows: readonly ChartRow[], axis: ValueAxis): ChartRow[] {
  return [...Map.groupBy(rows, ({ order }) => order).values()].flatMap((ofPanel) => {
    const costs = ofPanel.map(({ cost }) => Number(cost))
    const [least, most] = [Math.min(...costs), Math.max(...costs)]
    const height = (cost: number) => (most > least ? (cost - least) / (most - least) : 0.5)
    const heightOf = ({ cost }: ChartRow) => plot.height - padding - (plot.height - 2 * padding) * height(Number(cost))
    const x = (speed: unknown) => plot.width * Math.min(1, Math.max(0, shareOf(axis, Number(speed))))
    const places = placeLabels(
      ofPanel.map((row) => ({ x: x(row['speed']), y: heightOf(row), text: shortName(row) })),
      plot,
      ofPanel.flatMap((row) => along(x(row['low'] ?? row['speed']), x(row['high'] ?? row['speed']), heightOf(row))),
    )
    return ofPanel.map((row, at): ChartRow => ({
      ...row,
      name: shortName(row),
      ...(row['front'] === true ? outside(places[at]) : places[at]),
    }))
  })
}

/** A long name would find no room: its beginning, and the rest in the tip and in the table. */
function shortName({ label }: ChartRow): string {
  const letters = Array.from(String(label))
  return letters.length <= longest ? letters.join('') : `${letters.slice(0, longest - 1).join('')}…`
}

/** An interval, as points that names are to keep clear of. */
function along(from: number, to: number, y: number): { x: number; y: number }[] {
  const steps = Math.ceil((to - from) / 4)
  return Array.from({ length: steps + 1 }, (_, at) => ({ x: from + ((to - from) * at) / Math.max(1, steps), y }))
}

/** Clear of the ring. */
function outside(place: LabelPlace | undefined): Partial<LabelPlace> {
  if (place === undefined) return {}
  return place.dy === 0
    ? { ...place, dx: place.dx + ringed * Math.sign(place.dx) }
    : { ...place, dy: place.dy + ringed * Math.sign(place.dy) }
}

/** What the fastest one costs in perplexity; without one, who is on the front. Invalid ones are not spoken of where two others are. */
function titleOf(evidence: Evidence, all: Offers): string {
  const { words } = evidence
  const sound = all.offers.filter(({ valid }) => valid)
  const [base, ...others] = sound.length > 1 ? sound : all.offers
  const fastest = others.toSorted((a, b) => b.speed.value - a.speed.value)[0]
  if (base === undefined || fastest === undefined) return ''
  const [cost, paid] = [base.costs[0]?.value, fastest.costs[0]?.value]
  if (all.costs[0] !== 'perplexity' || !cost?.value || !paid?.value || base.speed.value <= 0)
    return words('tradeoff.front-title', { names: frontNames(evidence, all), costs: listed(evidence, all) })
  const change = paid.value / cost.value - 1
  const text = words(change >= 0 ? 'chart.buys' : 'chart.buys-better', {
    other: fastest.cell.arm.value,
    base: base.cell.arm.value,
    ratio: significant(fastest.speed.value / base.speed.value),
    change: percent(Math.abs(change)),
  })
  return text + validOnly(words, sound.length > 1 ? all.offers.length - sound.length : 0)
}

function frontNames({ words }: Evidence, { offers }: Offers): string {
  const names = offers.filter(({ isOnFront }) => isOnFront).map(({ cell }) => cell.arm.value)
  return names.length === 0 ? words('tradeoff.none') : names.join(', ')
}

function listed({ words }: Evidence, { metric, costs }: Offers): string {
  const labels = [metric, ...costs].map((each) => labelOf({ words }, each))
  return words('tradeoff.listed', { first: labels.slice(0, -1).join(', '), last: labels.at(-1) ?? '' })
}

function captionWith(evidence: Evidence, all: Offers, axis: ValueAxis, rows: readonly ChartRow[]) {
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
      intervalNote(evidence, all),
      ...(offers.some(({ valid }) => !valid) ? [words('chart.hollow')] : []),
      ...logs.short,
    ],
    [
      words('tradeoff.reading'),
      words('tradeoff.by-means'),
      words('tradeoff.axes'),
      ...(offers.some(({ borrowed }) => borrowed) ? [words('chart.borrowed')] : []),
      ...(rows.some(({ shown }) => shown === false) ? [words('tradeoff.unlabelled')] : []),
      ...axisNotes(words, axis, rows),
    ],
  )
}

/** What the bars at the marks are, and of how many launches. */
function intervalNote({ words }: Evidence, { metric, offers }: Offers): string {
  const counts = offers.map(({ speed }) => speed.n)
  if (offers.every(({ speed }) => speed.interval === undefined)) return words('chart.by-number-once')
  return words('tradeoff.interval', { metric: labelOf({ words }, metric), n: countRange(words, counts) })
}

function twinOf({ words }: Evidence, { metric, costs, offers }: Offers): Figure['twin'] {
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(namedWithUnit({ words }, metric)),
      ...['twin.low', 'twin.high', 'twin.launches'].map((key) => numberCell(words(key))),
      ...costs.map((cost) => numberCell(namedWithUnit({ words }, cost))),
      textCell(words('tradeoff.front-head')),
    ],
    rows: offers.map((offer) => [
      textCell(offer.cell.arm.name),
      valueCell(metric, offer.cell, offer.speed),
      ...endCells(metric, offer.speed),
      numberCell(String(offer.speed.n)),
      ...offer.costs.map(({ metric: cost, cell, value }) => valueCell(cost, cell, value)),
      textCell(words(offer.isOnFront ? 'tradeoff.on-front' : offer.valid ? 'tradeoff.off-front' : 'resources.invalid')),
    ]),
  }
}

function endCells(metric: Metric, { interval }: CellValue): TwinCell[] {
  return [interval?.low, interval?.high].map((end) =>
    numberCell(end === undefined ? missing : shownValue(metric, end, interval).text),
  )
}

function valueCell(metric: Metric, cell: ShownCell, { value, interval }: CellValue): TwinCell {
  return numberCell(shownValue(metric, value, interval).text, `#cell-${cell.index + 1}`)
}
