import { markdownText } from './markdown-text.ts'
import type { BoundCell, BoundSource, BoundTable } from './post-bindings.ts'

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** How a number stands in the Markdown, `text` being Markdown already: as it is, or leading to what is behind it. */
export type WriteNumber = (text: string, source: BoundSource) => string
export const plainNumber: WriteNumber = (text) => text

/** A table in Markdown, with its notes as a numbered list below. */
export function markdownTable(
  { title, head, rows, notes, remark }: BoundTable,
  write: WriteNumber = plainNumber,
): string {
  const cellText = (cell: BoundCell) => textOf(cell, write)
  const table = [
    line(head.map(cellText)),
    line(head.map(({ numeric }) => (numeric ? '---:' : ':---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n')
  return [
    ...(title === '' ? [] : [`**${markdownText(title)}**`]),
    table,
    ...(notes.length === 0 ? [] : [notes.map((note, at) => `${at + 1}. ${markdownText(note)}`).join('\n')]),
    ...(remark === undefined || remark === '' ? [] : [`*${markdownText(remark)}*`]),
  ].join('\n\n')
}

function textOf({ text, slanted, note, source }: BoundCell, write: WriteNumber): string {
  const safe = source === undefined ? markdownText(text) : write(markdownText(text), source)
  const shown = slanted === true && safe !== '' ? `*${safe}*` : safe
  return note === undefined ? shown : `${shown} ${superscript(note)}`
}

const superscript = (n: number) => String(n).replaceAll(/\d/g, (digit) => superscripts[Number(digit)] ?? '')
