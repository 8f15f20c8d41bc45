import type { PublishedFigure, PublishedPost, PublishedTable } from '../domain/published.ts'
import { printedNumber } from '../verdict/printed-number.ts'
import { inLanguage } from './table-cells.ts'
import type { PostFigure } from './post-figure.ts'
import { keyOf } from './table-cells.ts'
import { type FigureAsked, tableFigure } from './table-figure.ts'
import type { Words } from './words.ts'

/** The charts that a post declares, by the names that it gives them. */
export function publishedFigures(post: PublishedPost, words: Words): PostFigure[] {
  return Object.entries(post.figures).map(([id, figure]) => tableFigure(askedOf(id, figure, post, words), words))
}

function askedOf(id: string, figure: PublishedFigure, post: PublishedPost, words: Words): FigureAsked {
  const { title, subtitle, ...rest } = figure
  const caption = {
    id,
    ...(title !== undefined && { title: inLanguage(words, title) }),
    ...(subtitle !== undefined && { subtitle: inLanguage(words, subtitle) }),
  }
  if (rest.kind === 'reading-band') return { ...rest, ...caption, rows: [] }
  if (rest.kind === 'bits-sizes') return { ...rest, ...caption }
  const table = tableOf(post, rest.table)
  if (rest.kind === 'bits-ladder') {
    // Where its figures come from, as a ladder may be of a post or measured for it.
    const said = `${words('published.ladder-what')}; ${inLanguage(words, table.title)}`
    return { kind: rest.kind, subtitle: said, ...caption, rows: ladderRows(table, rest) }
  }
  const { labels, table: _, ...asked } = rest
  return {
    ...asked,
    ...caption,
    table,
    ...(labels !== undefined && { labels: labelsOf(table, labels) }),
  }
}

/** What rows are called, by their keys. */
function labelsOf(table: PublishedTable, column: string): Readonly<Record<string, string>> {
  return Object.fromEntries(table.rows.map((row) => [keyOf(table, row), row.cells[column] ?? '']))
}

type Ladder = Extract<PublishedFigure, { kind: 'bits-ladder' }>
/** Rows that lack one of the three numbers are no step of a ladder. */
function ladderRows(
  table: PublishedTable,
  { labels, ...columns }: Pick<Ladder, 'labels' | 'bits' | 'bytes' | 'perplexity'>,
) {
  return table.rows.flatMap((row) => {
    const of = (column: string) => printedNumber(row.cells[column] ?? '')?.value
    const [bits, bytes, perplexity] = [of(columns.bits), of(columns.bytes), of(columns.perplexity)]
    if (bits === undefined || bytes === undefined || perplexity === undefined) return []
    const label = labels === undefined ? keyOf(table, row) : (row.cells[labels] ?? '')
    return [{ label, bits, bytes, perplexity }]
  })
}

function tableOf({ name, tables }: PublishedPost, wanted: string): PublishedTable {
  const found = tables.find((table) => table.name === wanted)
  if (found === undefined) throw new Error(`the post ${name} has a figure of the table ${wanted}, which it lacks`)
  return found
}
