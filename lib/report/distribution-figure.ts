import { winnersOf } from './contested.ts'
import { axisNotes, axisOf, logNotes, rowsWithin, type ValueAxis } from './axis.ts'
import { cellRows, panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { countRange } from './count-range.ts'
import { distributionOf, percentiles, type Distributed, type Distribution } from './distribution.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure } from './figure.ts'
import { fixed, inShownUnit, missing, shownUnit, shownValue } from './numbers.ts'
import { ranks } from './raw-points.ts'
import { inWholePanels } from './shown-panels.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

const shown: readonly Distributed[] = ['ttft_ms', 'tpot_ms', 'icl_ms']
// So many in a row, and fewer where there are many rows: a page stays small.
const dots = { perRow: 100, leastPerRow: 20, inAll: 2000 } as const
const mostCells = 24

type Spread = { cell: ShownCell; distribution: Distribution }

/**
 * How a metric of requests is spread: a strip of dots for each cell. Dots and not a density or a histogram, as three requests
 * are then three dots; of a hundred thousand the dots stand evenly over their order by value, so that where they are dense
 * there are many.
 */
export function distributionFigures(evidence: Evidence): Figure[] {
  const metricsShown = shown.filter((metric) => metric !== 'icl_ms' || tellsMoreThanTpot(evidence))
  return metricsShown.flatMap((metric) => {
    const spreads = evidence.comparison.cells.flatMap((cell): Spread[] => {
      const distribution = distributionOf(evidence, cell, metric)
      return distribution === undefined ? [] : [{ cell, distribution }]
    })
    const groups = Map.groupBy(spreads, ({ cell }) => cell.arm.group)
    const mostDots = Math.min(dots.perRow, Math.max(dots.leastPerRow, Math.floor(dots.inAll / spreads.length)))
    return [...groups.values()].map((ofGroup, index) =>
      figureOf(evidence, { metric, spreads: ofGroup, index, mostDots }),
    )
  })
}

/** Where every chunk is one token the mean time between chunks of a request is its TPOT. */
function tellsMoreThanTpot({ data, seenOf }: Evidence): boolean {
  return data.trials.some(({ id }) => {
    const { icl_ms, tpot_ms } = seenOf(id).values
    return icl_ms?.some((value, at) => value !== tpot_ms?.[at])
  })
}

type Shown = { metric: Distributed; spreads: readonly Spread[]; index: number; mostDots: number }
function figureOf(evidence: Evidence, all: Shown): Figure {
  const { metric, index, mostDots } = all
  const spreads = inWholePanels(evidence, all.spreads, mostCells)
  const left = all.spreads.length - spreads.length
  const cells = spreads.map(({ cell }) => cell)
  const means = cellRows(evidence, cells, metric).filter((row) => row['kind'] !== 'raw')
  const marks = spreads.flatMap((spread) => marksOf(evidence, { metric, ...spread, mostDots }))
  const axis = axisOf(
    [...means, ...marks].flatMap(({ value }) => (typeof value === 'number' ? [value] : [])),
    Math.max(0, ...means.map((row) => Number(row['high'] ?? 0))),
  )
  return {
    id: `distribution-${metric}-${index + 1}`,
    metric,
    group: cells[0]?.arm.group ?? '',
    title: titleOf(evidence, metric, spreads),
    ...captionWith(evidence, { ...all, spreads, left, axis, means }),
    wide: true,
    chart: 'distribution',
    values: {
      rows: rowsWithin([...apartIn(axis, marks), ...means], axis),
      ...scalesOf(
        evidence,
        cells.map((cell) => cell.arm),
      ),
      ...axis,
      unitTitle: namedWithUnit(evidence, metric),
    },
    twin: twinOf(evidence, metric, spreads),
  }
}

type Row = Spread & { metric: Distributed; mostDots: number }
function marksOf(evidence: Evidence, { cell, distribution, metric, mostDots }: Row): ChartRow[] {
  const { words } = evidence
  const base = { arm: cell.arm.index, label: cell.arm.value, panel: panelOf(evidence, cell), order: cell.index }
  const tip = (value: number, what: string) =>
    `${cell.name}\n${labelOf(evidence, metric)} ${shownValue(metric, value).text} ${shownUnit(metric)}\n${what}`
  const dotsOf = (values: Float64Array, invalid: boolean) =>
    ranks(values.length, mostDots).map((rank, at): ChartRow => {
      const value = values[rank] as number
      const place = words('point.rank', { rank: String(rank + 1), n: String(values.length) })
      return {
        ...base,
        kind: 'raw',
        value: inShownUnit(metric, value),
        invalid,
        jitter: jitter(at, values.length),
        tip: tip(value, place),
      }
    })
  const strokes = distribution.percentiles.map(({ name, value }, at, { length }): ChartRow => {
    // The middle ones have their names in the tip: beside each other they would not be read. A lone one is in the subtitle.
    const said = percentileText(words, name)
    const text = length > 1 && (at === 0 || at === length - 1) ? said : ''
    return { ...base, kind: 'percentile', value: inShownUnit(metric, value), text, tip: tip(value, said) }
  })
  return [...dotsOf(distribution.values, !distribution.valid), ...dotsOf(distribution.invalid, true), ...strokes]
}

/** Spread over the height of a row, evenly and the same every time: van der Corput's sequence. Few dots stay near the line. */
function jitter(at: number, n: number): number {
  let [rest, share, place] = [at + 1, 0.5, 0]
  for (; rest > 0; rest = Math.floor(rest / 2), share /= 2) if (rest % 2 === 1) place += share
  return Math.round(10 * (place - 0.5) * Math.min(16, n)) / 10
}

function titleOf(evidence: Evidence, metric: Distributed, spreads: readonly Spread[]): string {
  const { words } = evidence
  const label = labelOf(evidence, metric)
  const sound = spreads.some(({ distribution }) => distribution.valid)
    ? spreads.filter(({ distribution }) => distribution.valid)
    : spreads
  const panels = [...Map.groupBy(sound, ({ cell }) => panelOf(evidence, cell)).values()]
  const inOrder = (ofPanel: readonly Spread[]) => ofPanel.toSorted((a, b) => medianOf(a) - medianOf(b))
  const first = (ofPanel: readonly Spread[]) => inOrder(ofPanel)[0] as Spread
  const names = winnersOf(panels.map((ofPanel) => inOrder(ofPanel).map(({ cell }) => cell.arm.value)))
  const group = sound[0]?.cell.arm.group ?? ''
  const parts = { label, on: group === '' ? '' : words('chart.on', { group }) }
  if (names.length !== 1) return words('chart.distribution-depends', parts)
  const won = panels.map(first).filter(({ cell }) => cell.arm.value === names[0])
  const medians = won.map(medianOf)
  const [low, high] = [Math.min(...medians), Math.max(...medians)].map((value) => shownValue(metric, value).text)
  const half = low === high ? String(low) : words('range', { low: String(low), high: String(high) })
  const alone = panels.every((ofPanel) => ofPanel.length === 1)
  const key = alone ? 'chart.distribution-one' : 'chart.distribution-best'
  return words(key, { ...parts, best: names[0] ?? '', half, unit: shownUnit(metric) })
}

// In shares of the axis: names of strokes that are nearer to each other would not be read on a phone.
const readable = 0.22

/** Without the names of strokes that stand close together: they are always in the same order. */
function apartIn({ scale, least, most }: ValueAxis, rows: readonly ChartRow[]): ChartRow[] {
  const place = (value: unknown) =>
    scale === 'log' ? Math.log(Number(value) / least) / Math.log(most / least) : Number(value) / (most - least)
  const named = rows.filter((row) => row['kind'] === 'percentile' && row['text'] !== '')
  const ofRow = Map.groupBy(named, (row) => `${String(row['arm'])} ${String(row['panel'])}`)
  const close = [...ofRow.values()].filter(
    ([first, last]) => place(last?.['value']) - place(first?.['value']) < readable,
  )
  const nameless = new Set(close.flat())
  return rows.map((row) => (nameless.has(row) ? { ...row, text: '' } : row))
}

const medianOf = ({ distribution }: Spread) => distribution.percentiles[0]?.value ?? Number.POSITIVE_INFINITY

type Captioned = Shown & { left: number; axis: ValueAxis; means: readonly ChartRow[] }
function captionWith(evidence: Evidence, { metric, spreads, mostDots, left, axis, means }: Captioned) {
  const { words } = evidence
  const counts = spreads.map(({ distribution }) => distribution.values.length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const reached = percentiles.filter(({ name }) =>
    spreads.some(({ distribution }) => distribution.percentiles.some((each) => each.name === name)),
  )
  const missed = percentiles.filter(({ needs }) => least < needs)
  const several = spreads.some(({ cell }) => (evidence.valueOf(cell, metric)?.n ?? 0) > 1)
  const hollow = spreads.some(({ distribution: { valid, invalid } }) => !valid || invalid.length > 0)
  return captionOf(
    [
      `${labelOf(evidence, metric)}, ${shownUnit(metric)}`,
      words('chart.distribution-dots', { n: countRange(words, counts) }),
      words('chart.distribution-strokes', { n: reached.length, names: percentileTexts(words, reached) }),
      ...(hollow ? [words('chart.hollow')] : []),
      ...logNotes(words, axis.scale === 'log').short,
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [
      words('chart.distribution-pooled'),
      ...(most > mostDots ? [words('chart.distribution-thinned', { n: mostDots })] : []),
      ...(missed.length > 0 ? [missedText(words, missed)] : []),
      words(several ? 'chart.interval' : 'chart.no-interval'),
      ...axisNotes(words, axis, means),
    ],
  )
}

const percentileText = (words: Evidence['words'], name: string) => (name === 'median' ? words('twin.median') : name)

function percentileTexts(words: Evidence['words'], of: readonly { name: string }[]): string {
  return of.map(({ name }) => percentileText(words, name)).join(', ')
}

function missedText(words: Evidence['words'], missed: readonly { name: string; needs: number }[]): string {
  const names = percentileTexts(words, missed)
  return words('chart.distribution-missed', { names, needs: missed.map(({ needs }) => fixed(needs, 0)).join(', ') })
}

function twinOf(evidence: Evidence, metric: Distributed, spreads: readonly Spread[]): Figure['twin'] {
  const { words } = evidence
  const unit = `${labelOf(evidence, metric)}, ${shownUnit(metric)}`
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(words('twin.requests')),
      numberCell(words('twin.mean', { unit })),
      numberCell(words('twin.low')),
      numberCell(words('twin.high')),
      ...percentiles.map(({ name }) => numberCell(percentileText(words, name))),
    ],
    rows: spreads.map(({ cell, distribution }) => {
      const mean = evidence.valueOf(cell, metric)
      const at = (name: string) => distribution.percentiles.find((each) => each.name === name)?.value
      const text = (value: number | undefined) => (value === undefined ? missing : shownValue(metric, value).text)
      return [
        textCell(cell.name),
        numberCell(String(distribution.values.length)),
        numberCell(
          mean === undefined ? missing : shownValue(metric, mean.value, mean.interval).text,
          `#cell-${cell.index + 1}`,
        ),
        ...[mean?.interval?.low, mean?.interval?.high].map((end) =>
          numberCell(end === undefined ? missing : shownValue(metric, end, mean?.interval).text),
        ),
        ...percentiles.map(({ name }) => numberCell(text(at(name)))),
      ]
    }),
  }
}
