import type { PostLine } from './post-bindings.ts'

// Of Markdown, of HTML, and of what runs over Markdown besides: Liquid (Jekyll), shortcodes (Hugo), mathematics.
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '{': '&#123;',
  '}': '&#125;',
}

/** Text from a store as one line of Markdown that says just that: no mark-up, no link, no template's code comes of it. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .replaceAll(/[&<>{}]/g, (mark) => entities[mark] ?? mark)
    .replaceAll(/[\\`*[\]|~$]/g, (mark) => `\\${mark}`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_') // within a word it is no mark
    .replaceAll('://', '\\://')
    .replaceAll(/\b(www)\./gi, '$1\\.')
    .replace(/^(?:[#+=-]|\d+[.)](?=\s|$)|!)/, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`)
}

/** A line of a post; what is linked leads to an address of the web, or is text like the rest. */
export function markdownLine(line: PostLine): string {
  if (typeof line === 'string') return markdownText(line)
  const [text, linked, href] = [markdownText(line.text), markdownText(line.linked), webAddress(line.href)]
  return href === undefined ? text : text.replace(linked, () => `[${linked}](${href})`)
}

/** Nothing in it ends a link, or is code of what runs over Markdown. */
function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  return new URL(text).href.replaceAll(
    /[^\w./:?#&=%~+,;@-]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Text as a block of code; what Jekyll would run is set apart. */
export function markdownCode(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return [fence, text.replaceAll(/\{(?=[{%])/g, '{ '), fence].join('\n')
}
