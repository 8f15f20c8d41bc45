import { closeAxis } from './axis.ts'
import { numberCell, textCell, type Figure } from './figure.ts'
import { fixed, percent, significant } from './numbers.ts'
import { placedPoints } from './placed-points.ts'
import type { TableFigure } from './post-figure.ts'
import type { Words } from './words.ts'

/** A format of one model as it was measured; `bits` per weight. */
export type LadderRow = { label: string; bits: number; bytes: number; perplexity: number }
export type BitsLadderAsked = {
  kind: 'bits-ladder'
  id?: string
  title?: string
  subtitle?: string
  rows: readonly LadderRow[]
}

const bytesPerMb = 1e6

/** Size against perplexity of one model's formats. */
export function bitsLadderFigure(asked: BitsLadderAsked, words: Words): TableFigure {
  const { rows } = asked
  const drawn = placedPoints(words, {
    points: rows.map((row) => ({ ...place(row), label: row.label, series: '', hollow: false, tip: tipOf(row, words) })),
    xTitle: words('published.ladder-x'),
    yTitle: words('published.ladder-y'),
    frontier: rows.map(place),
    straight: true,
    yAxis: closeAxis(rows.map(({ perplexity }) => perplexity)),
  })
  const said = rows.map((row) => `${row.label} ${megabytes(row)} MB, ${fixed(row.perplexity, 2)}`)
  return {
    id: asked.id ?? 'bits-ladder',
    title: asked.title ?? ladderTitle(rows, words),
    subtitle: asked.subtitle ?? words('published.ladder-what'),
    ...(drawn.reading.length > 0 && { reading: `${drawn.reading.join('; ')}.` }),
    alt: words('published.alt-ladder', { rows: said.join('; ') }),
    wide: true,
    chart: 'published-points',
    values: drawn.values,
    twin: twinOf(rows, words),
  }
}

const place = (row: LadderRow) => ({ x: row.bytes / bytesPerMb, y: row.perplexity })
const megabytes = ({ bytes }: LadderRow) => significant(bytes / bytesPerMb)

function tipOf(row: LadderRow, words: Words): string {
  const bits = `${fixed(row.bits, 2)} ${words('published.ladder-bits')}`
  return `${row.label}\n${megabytes(row)} MB, ${bits}\n${words('published.ladder-y')} ${fixed(row.perplexity, 2)}`
}

function twinOf(rows: readonly LadderRow[], words: Words): Figure['twin'] {
  return {
    head: [
      textCell(words('published.ladder-format')),
      ...['bits', 'x', 'y'].map((name) => numberCell(words(`published.ladder-${name}`))),
    ],
    rows: rows.map((row) => [
      textCell(row.label),
      numberCell(fixed(row.bits, 2)),
      numberCell(megabytes(row)),
      numberCell(fixed(row.perplexity, 2)),
    ]),
  }
}

function ladderTitle(rows: readonly LadderRow[], words: Words): string {
  const sorted = rows.toSorted((a, b) => b.bytes - a.bytes)
  const [most, least] = [sorted[0], sorted.at(-1)]
  if (most === undefined || least === undefined) return ''
  const change = least.perplexity / most.perplexity - 1
  return words(change < 0 ? 'published.ladder-title-better' : 'published.ladder-title-worse', {
    least: least.label,
    most: most.label,
    share: percent(least.bytes / most.bytes),
    change: percent(Math.abs(change)),
  })
}
