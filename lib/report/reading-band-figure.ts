import { axisOf, rowsWithin, shareOf, ticksOf, type ValueAxis } from './axis.ts'
import { besideRules } from './beside-rules.ts'
import type { ChartRow } from './chart.ts'
import { numberCell, textCell, type Figure } from './figure.ts'
import { missing, shownRate } from './numbers.ts'
import type { TableFigure } from './post-figure.ts'
import type { Words } from './words.ts'

/** Tokens per second of one answer; `text` as it is shown, where it was printed somewhere. */
export type ReadingRow = { label: string; tps: number; text?: string; low?: number; high?: number; n?: number }

export type ReadingBandAsked = {
  kind: 'reading-band'
  id?: string
  title?: string
  subtitle?: string
  /** None: then the thresholds themselves are shown. */
  rows: readonly ReadingRow[]
  /** Tokens per second from which it is comfortable to read along, and from which most cannot follow. */
  comfortable: number
  tooFast: number
}

const width = 480
// Sides are chosen for the narrowest, as what is clear of each other there is so wherever there is more room.
const leastWidth = 240

/** Rates of answers on a line with the band in which a reader can follow them. */
export function readingBandFigure(asked: ReadingBandAsked, words: Words): TableFigure {
  const { comfortable, tooFast, rows } = asked
  const ends = { from: shownRate(comfortable), to: shownRate(tooFast) }
  const shown = rows.length > 0 ? rows : thresholdRows(asked, words)
  const highest = Math.max(...shown.map(({ high, tps }) => high ?? tps))
  const axis = axisOf([...shown.map(({ tps }) => tps), comfortable, tooFast], highest)
  const within = rows.filter((row) => placeOf(asked, row) === 'within')
  const subtitle = [
    words('published.band-what'),
    ...(rows.some(({ low }) => low !== undefined) ? [words('published.band-interval')] : []),
    ...(axis.scale === 'log' ? [words('chart.log-short')] : []),
  ]
  const title =
    rows.length === 0
      ? words('published.band-title-thresholds', ends)
      : words('published.band-title', { n: within.length, all: rows.length, ...ends })
  return {
    id: asked.id ?? 'reading-band',
    title: asked.title ?? title,
    subtitle: asked.subtitle ?? subtitle.join('; '),
    alt: words('published.alt-band', { ...ends, rows: shown.map((row) => `${row.label} ${textOf(row)}`).join(', ') }),
    wide: true,
    chart: 'reading-band',
    values: {
      rows: rowsWithin(
        shown.map((row) => chartRow(asked, row, axis)),
        axis,
      ),
      band: [{ from: comfortable, to: tooFast }],
      thresholds: thresholdsOf(words, asked),
      ...axis,
      ticks: ticksOf(axis),
      width,
      leastWidth,
      xTitle: words('published.band-axis'),
    },
    twin: twinOf(asked, words, shown),
  }
}

function thresholdsOf(words: Words, { comfortable, tooFast }: ReadingBandAsked): ChartRow[] {
  return [
    {
      at: comfortable,
      text: words('published.band-comfortable', { value: shownRate(comfortable) }),
      align: 'right',
      dx: -4,
    },
    { at: tooFast, text: words('published.band-too-fast', { value: shownRate(tooFast) }), align: 'left', dx: 4 },
  ]
}

function twinOf(asked: ReadingBandAsked, words: Words, shown: readonly ReadingRow[]): Figure['twin'] {
  const counted = shown.some(({ n }) => n !== undefined)
  return {
    head: [
      textCell(words('published.band-row')),
      numberCell(words('published.band-axis')),
      ...(counted ? [numberCell('n')] : []),
      textCell(words('published.band-place')),
    ],
    rows: shown.map((row) => [
      textCell(row.label),
      numberCell(textOf(row)),
      ...(counted ? [numberCell(row.n === undefined ? missing : String(row.n))] : []),
      textCell(words(`published.band-${placeOf(asked, row)}`)),
    ]),
  }
}

function thresholdRows({ comfortable, tooFast }: ReadingBandAsked, words: Words): ReadingRow[] {
  return [
    { label: words('published.band-comfortable-row'), tps: comfortable },
    { label: words('published.band-too-fast-row'), tps: tooFast },
  ]
}

const textOf = ({ text, tps }: ReadingRow) => text ?? shownRate(tps)

function placeOf({ comfortable, tooFast }: ReadingBandAsked, { tps }: ReadingRow): 'below' | 'within' | 'above' {
  return tps < comfortable ? 'below' : tps < tooFast ? 'within' : 'above'
}

function chartRow({ comfortable, tooFast }: ReadingBandAsked, row: ReadingRow, axis: ValueAxis): ChartRow {
  const [low, high] = [row.low ?? row.tps, Math.max(row.tps, row.high ?? row.tps)]
  const pixels = (value: number) => leastWidth * shareOf(axis, value)
  const side = besideRules(pixels(high), textOf(row), [comfortable, tooFast].map(pixels), pixels(low))
  const n = row.n === undefined ? '' : `, n = ${row.n}`
  return {
    label: row.label,
    value: row.tps,
    low: row.low ?? null,
    high: row.high ?? null,
    end: side.align === 'left' ? high : low,
    text: textOf(row),
    tip: `${row.label}\n${textOf(row)} tokens/s${n}`,
    ...side,
  }
}
