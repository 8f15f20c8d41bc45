import MarkdownIt from 'markdown-it'

/** The language of a block of code that stands for a figure; no text of a store makes a block. */
const figureMark = 'benchbook-figure'

/** A figure in Markdown that is to become HTML. */
export const figureBlock = (id: string): string => `\`\`\`${figureMark} ${id}\n\`\`\``

/** Cells of more characters are prose, which wraps: a name does not. */
const longestUnbroken = 30

/** Ids that the page's own elements have. */
const taken = ['summary', 'words', 'chosen', 'tip']

/**
 * Markdown as HTML that a page without inline styles may carry: HTML in it is text, headings have anchors, tables scroll by
 * themselves. `figures` are by id, as HTML.
 */
export function markdownHtml(markdown: string, figures: ReadonlyMap<string, string>, tableLabel: string): string {
  const made = new MarkdownIt({ html: false, linkify: false, typographer: false })
  const { rules } = made.renderer
  const fence = rules['fence']?.bind(rules)
  rules['fence'] = (tokens, at, ...rest) => {
    const [mark, id = ''] = (tokens[at]?.info ?? '').split(' ')
    return (mark === figureMark ? figures.get(id) : undefined) ?? fence?.(tokens, at, ...rest) ?? ''
  }
  const label = made.utils.escapeHtml(tableLabel)
  rules['table_open'] = () => `<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table>\n`
  rules['table_close'] = () => '</table></div>\n'
  const anchors = new Set(taken)
  made.core.ruler.push('benchbook', ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[at + 1]?.content ?? '', anchors))
      if (token.type === 'th_open') token.attrSet('scope', 'col')
      if (token.type === 'td_open' && (tokens[at + 1]?.content.length ?? 0) > longestUnbroken)
        token.attrJoin('class', 'prose')
      // The policy of the page allows no style in an attribute.
      const style = token.attrGet('style')
      if (style === null) continue
      token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style')
      if (String(style).includes('right')) token.attrJoin('class', 'n')
    }
  })
  return made.render(markdown)
}

/** As GitHub makes them, none twice. */
function anchorOf(heading: string, known: Set<string>): string {
  const plain = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-')
  const base = plain === '' || /^(figure|metric|cell|trial)-/.test(plain) ? `part-${plain}` : plain
  let anchor = base
  for (let n = 1; known.has(anchor); n += 1) anchor = `${base}-${n}`
  known.add(anchor)
  return anchor
}
