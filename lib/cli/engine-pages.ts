import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wordLines } from '../domain/word-lines.ts'

/** What is to be known of a kind of backend: its section of `experiments/engines.md`. */
export type EnginePage = { kind: 'engine'; name: string; title: string; says: string }

/** A page for each kind, from `experiments/engines.md` of the package: its table leads from kinds to sections. */
export async function enginePages(packageRoot: string): Promise<EnginePage[]> {
  const text = await readFile(join(packageRoot, 'experiments', 'engines.md'), 'utf8')
  const [contents = '', ...sections] = text.split(/^## /m)
  const rows = [...contents.matchAll(/^\| \[`(?<name>[^`]+)`\]\((?<link>[^)]+)\)/gm)]
  return rows.flatMap(({ groups: { name = '', link = '' } = {} }) => {
    const section = sections.find((each) => anchorOf(titleOf(each)) === link)
    if (section === undefined) return []
    const title = titleOf(section)
    return [{ kind: 'engine' as const, name, title, says: section.slice(title.length).trim() }]
  })
}

const titleOf = (section: string) => section.slice(0, section.indexOf('\n'))

/** As GitHub makes links of headings. */
const anchorOf = (title: string) =>
  `#${title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')}`

const width = 78

/** A section for a terminal: paragraphs and lists in lines that fit, code as it stands, of links their texts. */
export function engineText({ name, title, says }: EnginePage, packageRoot: string): string {
  const blocks = says.split(/^```\w*\n([^]*?)^```$/m)
  const body = blocks.map((block, at) => (at % 2 === 1 ? indented(block) : proseText(block))).join('\n')
  const more = `More: ${join(packageRoot, 'experiments', 'engines.md')}`
  return `${name} (${title}: a kind of backend)\n\n${body}\n\n${more}\n`.replaceAll(/\n{3,}/g, '\n\n')
}

const indented = (code: string) => code.replaceAll(/^(?=.)/gm, '    ')

function proseText(prose: string): string {
  const plainText = prose
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, linkText)
    .replaceAll('**', '')
    .replaceAll(/(?<=^|\s)_([^_`]+)_(?=\s|$)/g, '$1')
  return plainText
    .split(/\n{2,}|\n(?=- )/)
    .map((part) => partText(part.trim()))
    .join('\n')
}

const linkText = (_: string, text: string, to: string) => (/^https?:/.test(to) ? `${text} (${to})` : text)

function partText(part: string): string {
  if (part === '') return ''
  const isItem = part.startsWith('- ')
  const lines = wordLines(part, width - 4)
  return lines.map((line, at) => `${isItem && at > 0 ? '    ' : '  '}${line}`).join('\n') + (isItem ? '' : '\n')
}
