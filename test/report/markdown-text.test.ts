import { expect, test } from 'vitest'
import { markdownHtml } from '../../lib/report/markdown-html.ts'
import { markdownCode, markdownText } from '../../lib/report/markdown-text.ts'
import { hostileMarkdown } from './hostile-markdown.ts'

const html = (markdown: string) => markdownHtml(markdown, { figures: new Map(), tableLabel: 'Table' })
const shown = (text: string) => html(text).replaceAll(/<\/?(?:p|li|ul|ol|pre|code)>|\n/g, '')

test.each(hostileMarkdown)('%s is text', (text) => {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  expect(shown(markdownText(text))).toBe(plain)
  expect(shown(`before ${markdownText(text)} after`)).toBe(`before ${plain} after`)
})

test('nothing that Jekyll or Hugo would run, and no line that begins a block, is left of it', () => {
  for (const text of hostileMarkdown) {
    expect(markdownText(text)).not.toMatch(/\{\{|\{%|<|(?<!\\):\/\//)
    expect(markdownCode(text)).not.toMatch(/\{\{|\{%/)
  }
  expect(markdownText('two\n\n# lines')).toBe('two # lines')
})

test('names and numbers are left as they are', () => {
  for (const text of ['q4_k_m', '28.9\u00a0±\u00a00.3', '2\u202f492 tokens/s', '−3 %', '(n = 3)'])
    expect(markdownText(text)).toBe(text)
})

test('code keeps what is in it, and ends where it ends', () => {
  expect(markdownCode('a ``` b <i>')).toBe('````\na ``` b <i>\n````')
  expect(shown(markdownCode('a ``` b <i>'))).toBe('a ``` b &lt;i&gt;')
})

test('headings have anchors, none twice and none of the page; a table scrolls, and needs no style in it', () => {
  expect(html('# Words\n\n## A & B\n\n## A & B\n\n| a | n |\n|:---|---:|\n| x | 1 |\n'))
    .toBe(`<h1 id="words-1">Words</h1>
<h2 id="a-b">A &amp; B</h2>
<h2 id="a-b-1">A &amp; B</h2>
<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>
<thead>
<tr>
<th scope="col">a</th>
<th scope="col" class="n">n</th>
</tr>
</thead>
<tbody>
<tr>
<td>x</td>
<td class="n">1</td>
</tr>
</tbody>
</table></div>
`)
})

test('tables are named by the line above them, and no two alike', () => {
  const table = '| a |\n|---|\n| 1 |'
  const made = html(`**One**\n\n${table}\n\n**One**\n\n${table}\n\nText.\n\n${table}\n\nText.\n\n${table}\n`)
  expect([...made.matchAll(/aria-label="([^"]*)"/g)].map(([, name]) => name)).toEqual([
    'One',
    'One 2',
    'Table',
    'Table 2',
  ])
})
