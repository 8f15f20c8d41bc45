import type { PublishedFigure, PublishedPost, PublishedTable, Said } from '../domain/published.ts'
import { printedNumber } from '../verdict/printed-number.ts'
import type { PostFigure } from './post-figure.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import { inLanguage } from './table-cells.ts'
import { type FigureAsked, tableFigure } from './table-figure.ts'
import type { Words } from './words.ts'

/** The charts that a post declares, by the names that it gives them. */
export function publishedFigures(post: PublishedPost, words: Words): PostFigure[] {
  return Object.entries(post.figures).map(([id, { alt, ...figure }]) => ({
    ...tableFigure(askedOf(id, figure, post, words), words),
    ...(alt !== undefined && { alt: inLanguage(words, alt) }),
  }))
}

type Uncaptioned<Kind> = Kind extends unknown ? Omit<Kind, 'alt'> : never

function askedOf(id: string, figure: Uncaptioned<PublishedFigure>, post: PublishedPost, words: Words): FigureAsked {
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
    return { kind: rest.kind, subtitle: said, ...caption, rows: ladderRows(table, rest, words) }
  }
  const { labels, table: _, ...asked } = rest
  const named = labelsOf(table, labels, words)
  return { ...asked, ...caption, table, ...(named !== undefined && { labels: named }) }
}

type Labels = Readonly<Record<string, string>> | undefined
/** What rows are called, by their keys. */
function labelsOf(table: PublishedTable, labels: string | Said | undefined, words: Words): Labels {
  if (labels === undefined) return undefined
  const column = typeof labels === 'string' ? labels : inLanguage(words, labels)
  return Object.fromEntries(table.rows.map((row) => [keyOf(table, row), row.cells[column] ?? '']))
}

type Ladder = Extract<PublishedFigure, { kind: 'bits-ladder' }>
/** Rows that lack one of the three numbers are no step of a ladder. */
function ladderRows(
  table: PublishedTable,
  { labels, ...columns }: Pick<Ladder, 'labels' | 'bits' | 'bytes' | 'perplexity'>,
  words: Words,
) {
  const named = labelsOf(table, labels, words)
  return table.rows.flatMap((row) => {
    const of = (column: string) => printedNumber(row.cells[column] ?? '')?.value
    const [bits, bytes, perplexity] = [of(columns.bits), of(columns.bytes), of(columns.perplexity)]
    if (bits === undefined || bytes === undefined || perplexity === undefined) return []
    return [{ label: named?.[keyOf(table, row)] ?? keyOf(table, row), bits, bytes, perplexity }]
  })
}

function tableOf({ name, tables }: PublishedPost, wanted: string): PublishedTable {
  const found = tables.find((table) => table.name === wanted)
  if (found === undefined) throw new Error(`the post ${name} has a figure of the table ${wanted}, which it lacks`)
  return found
}
