import { markdownText } from './markdown-text.ts'
import type { BoundCell, BoundTable } from './post-bindings.ts'

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** A table in Markdown, with its notes as a numbered list below. */
export function markdownTable({ title, head, rows, notes, remark }: BoundTable): string {
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

function cellText({ text, slanted, note }: BoundCell): string {
  const safe = markdownText(text)
  const shown = slanted === true && safe !== '' ? `*${safe}*` : safe
  return note === undefined ? shown : `${shown} ${superscript(note)}`
}

const superscript = (n: number) => String(n).replaceAll(/\d/g, (digit) => superscripts[Number(digit)] ?? '')
