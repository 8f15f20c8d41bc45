import MarkdownIt, { type Token } from 'markdown-it'

/** The language of a block of code that stands for a figure; no text of a store makes a block. */
const figureMark = 'benchbook-figure'

/** A figure in Markdown that is to become HTML. */
export const figureBlock = (id: string): string => `\`\`\`${figureMark} ${id}\n\`\`\``

/** The same of what a page has closed: Markdown within. */
const foldMark = 'benchbook-fold'
/** Markdown that a page has closed below `title`. */
export function foldBlock(title: string, markdown: string): string {
  const longest = Math.max(3, ...[...markdown.matchAll(/`{3,}/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${foldMark} ${title.replaceAll(/\s+/g, ' ')}\n${markdown}\n${fence}`
}

/** Cells of more characters are prose, which wraps: a name does not. */
const longestUnbroken = 30

/** Ids that the page's own elements have. */
const taken = ['summary', 'words', 'chosen', 'tip']

const options = { html: false, linkify: false, typographer: false }

/** The sources of the pictures in `markdown`, as `markdownHtml` asks for them. */
export function pictureSources(markdown: string): string[] {
  const inline = new MarkdownIt(options).parse(markdown, {}).flatMap(({ children }) => children ?? [])
  return inline.flatMap((token) => (token.type === 'image' ? [String(token.attrGet('src'))] : []))
}

type Shown = {
  /** As HTML, by id. */
  figures: ReadonlyMap<string, string>
  /** The author's own, as `data:` addresses by their sources. */
  pictures?: ReadonlyMap<string, string>
  /** What a table is called to who cannot see it. */
  tableLabel: string
}

/**
 * Markdown as HTML that a page without inline styles may carry: HTML in it is text, headings have anchors, tables scroll by
 * themselves. A picture that is not among `pictures` is a link to where it is: a page loads nothing.
 */
export function markdownHtml(markdown: string, { figures, pictures = new Map(), tableLabel }: Shown): string {
  const made = new MarkdownIt(options)
  const { rules } = made.renderer
  const fence = rules['fence']?.bind(rules)
  rules['fence'] = (tokens, at, ...rest) => {
    const { info = '', content = '' } = tokens[at] ?? {}
    const [mark, id = ''] = info.split(' ')
    if (mark === foldMark) return folded(info.slice(foldMark.length).trim(), made.render(content))
    return (mark === figureMark ? figures.get(id) : undefined) ?? fence?.(tokens, at, ...rest) ?? ''
  }
  const folded = (title: string, html: string) =>
    `<details><summary>${made.renderInline(title)}</summary>\n${html}</details>\n`
  rules['table_open'] = (tokens, at) =>
    `<div class="scroll" role="region" tabindex="0" aria-label="${made.utils.escapeHtml(String(tokens[at]?.attrGet('aria-label')))}"><table>\n`
  rules['table_close'] = () => '</table></div>\n'
  rules['image'] = (tokens, at, rendering, env, self) => {
    const token = tokens[at]
    const src = String(token?.attrGet('src') ?? '')
    const alt = self.renderInlineAsText(token?.children ?? [], rendering, env)
    const shown = pictures.get(src) ?? (src.startsWith('data:') ? src : undefined)
    const { escapeHtml } = made.utils
    if (shown === undefined) return `<a href="${escapeHtml(src)}">${escapeHtml(alt === '' ? src : alt)}</a>`
    const title = token?.attrGet('title')
    return `<img src="${escapeHtml(shown)}" alt="${escapeHtml(alt)}"${title ? ` title="${escapeHtml(String(title))}"` : ''}>`
  }
  const page = { anchors: new Set(taken), tables: new Set<string>(), tableLabel }
  made.core.ruler.push('benchbook', ({ tokens }) => fitted(tokens, page))
  return made.render(markdown)
}

type PageSoFar = { anchors: Set<string>; tables: Set<string>; tableLabel: string }
/** Anchors, names and classes; the policy of the page allows no style in an attribute. */
function fitted(tokens: readonly Token[], page: PageSoFar): void {
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[at + 1]?.content ?? '', page.anchors))
    if (token.type === 'table_open')
      token.attrSet('aria-label', unlikeOthers(titleAbove(tokens, at) ?? page.tableLabel, page.tables))
    if (token.type === 'th_open') token.attrSet('scope', 'col')
    if (token.type === 'td_open' && seenText(tokens[at + 1]).length > longestUnbroken) token.attrJoin('class', 'prose')
    const style = token.attrGet('style')
    if (style === null) continue
    token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style')
    if (String(style).includes('right')) token.attrJoin('class', 'n')
  }
}

/** What is read of a line: not where its links lead. */
const seenText = (line: Token | undefined) => (line?.children ?? []).map(({ content }) => content).join('')

/** `name`, or with a number where another table of the page is called so: regions are told apart by their names. */
function unlikeOthers(name: string, known: Set<string>): string {
  let own = name
  for (let n = 2; known.has(own); n += 1) own = `${name} ${n}`
  known.add(own)
  return own
}

/** The bold line above a table, if it has one. */
function titleAbove(tokens: readonly Token[], at: number): string | undefined {
  const line = tokens[at - 2]
  return line?.type === 'inline' && /^\*\*[^]*\*\*$/.test(line.content) ? seenText(line) : undefined
}

/** As GitHub makes them, none twice. */
function anchorOf(heading: string, known: Set<string>): string {
  const plain = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-')
  const base = plain === '' || /^(figure|metric|cell|trial|sample)-/.test(plain) ? `part-${plain}` : plain
  let anchor = base
  for (let n = 1; known.has(anchor); n += 1) anchor = `${base}-${n}`
  known.add(anchor)
  return anchor
}
