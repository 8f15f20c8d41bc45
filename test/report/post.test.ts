import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { postMarkdown } from '../../lib/report/post-markdown.ts'
import { postPage } from '../../lib/report/post-page.ts'
import { parsePost } from '../../lib/report/post-source.ts'
import { loadPost } from '../../lib/report/post-files.ts'
import { armsFixture } from './arms-fixture.ts'
import { fixture } from './fixture.ts'
import { bindingsOf, template } from './post-of.ts'

const images = { folder: 'x', url: 'x', format: 'svg' } as const
const small = () => bindingsOf(fixture({ models: ['demo'], threads: [1] }))
const markdownOf = (text: string, bindings = small(), place: Parameters<typeof postMarkdown>[1]['images'] = images) =>
  postMarkdown(parsePost('reports/posts/mine.md', text), { bindings, template, language: 'en', images: place })
const pageOf = (text: string, bindings = small()) =>
  postPage(parsePost('reports/posts/mine.md', text), { bindings, template, language: 'en', summary: '{}', printed: '' })

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('Markdown has front matter: of the author what is there, of the store what is not', async () => {
  const own = await markdownOf('---\ntags: [a]\nlayout: post\npermalink: /x/\nimages: png\n---\nText.\n')
  expect(own.text).toMatchInlineSnapshot(`
    "---
    # Written by benchbook report from reports/posts/mine.md: edit that, not this.
    title: "Does quantizing pay on this CPU?"
    description: "Seen once, no verdict: on demo, q4_0 decoded 1.99 times as fast as f16; perplexity is 0.74 % worse."
    date: 2026-11-20
    lang: "en"
    tags: ["a"]
    layout: "post"
    permalink: "/x/"
    ---

    Text.
    "
  `)
  const title = 'a: "b" # {{x}}\u2028<script>'
  const hostile = await markdownOf('Text.', bindingsOf(fixture({ models: ['demo'], threads: [1], title })))
  expect(hostile.text.split('\n')[2]).toBe('title: "a: \\"b\\" # {{x}}\\\\u2028<script>"')
})

test('a chart is a picture in Markdown, as SVG and as PNG; where they are and what is linked is the author’s choice', async () => {
  const post = await markdownOf('{{chart "speed"}}')
  expect(post.text).toContain(
    '](x/decode_tps-1.svg)\n\n**q4_0 decodes fastest on demo: 1.99 × f16.** decode, tokens/s;',
  )
  expect(post.images.map(({ path }) => path)).toEqual(['x/decode_tps-1.svg', 'x/decode_tps-1.png'])
  expect(String(post.images[0]?.content)).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  expect(Buffer.from(post.images[1]?.content ?? '').toString('latin1', 1, 4)).toBe('PNG')
  const place = { folder: '../assets/x', url: 'https://a.example/a b/x', format: 'png' } as const
  const elsewhere = await markdownOf('{{chart "speed" table=true}}', small(), place)
  expect(elsewhere.text).toContain('](https://a.example/a%20b/x/decode_tps-1.png)')
  expect(elsewhere.text).toContain('| demo · q4_0 · decode | 5\u202f461 |')
  expect(elsewhere.images[0]?.path).toBe('../assets/x/decode_tps-1.svg')
})

test('a page carries the same prose, its charts that answer, and nothing that its policy forbids', async () => {
  const { html } = await pageOf(
    '## First\n\n{{value metric="decode_tps" quantization="f16"}} **b** <i>no</i>\n\n{{chart "speed"}}\n\n{{table "matrix"}}\n',
  )
  const body = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? ''
  expect(body).toContain(
    '<h2 id="first">First</h2>\n<p><a href="#sample-1" title="decode_tps of demo · f16 · decode; launches: 1">2\u202f742</a> <strong>b</strong> &lt;i&gt;no&lt;/i&gt;</p>\n<figure id="figure-decode_tps-1"',
  )
  expect(body).not.toMatch(/ style=| on\w+=/)
  expect(body.match(/<script type="application\/json" class="chart">/g)).toHaveLength(1)
  const policy =
    /Content-Security-Policy" content="(.*?)"/.exec(html)?.[1]?.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=') ??
    ''
  const inline = [...html.matchAll(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g)].map(([, text = '']) => text)
  expect(inline).toHaveLength(3)
  for (const text of inline) expect(policy).toContain(hashOf(text))
})

test('every measured number in a page leads to its launches and says of which cell, metric, n and interval it is; Markdown has none', async () => {
  const bindings = bindingsOf(fixture({ models: ['demo'], threads: [1], blocks: 2 }))
  const text =
    '{{value metric="decode_tps" quantization="f16"}} {{ratio metric="decode_tps" of="q4_0" to="f16"}}\n\n{{table "matrix"}}\n'
  const { html } = await pageOf(text, bindings)
  const [, value, title] =
    /<p><a href="#sample-1" title="([^"]*)">([^<]*)<\/a> <a href="#sample-2" title=/.exec(html) ?? []
  expect([value, title]).toMatchInlineSnapshot(`
    [
      "decode_tps of demo · f16 · decode; launches: 2; 95 % interval 2 629 to 2 842",
      "2 733",
    ]
  `)
  const targets = [...html.matchAll(/href="#(sample-\d+)"/g)].map(([, id = '']) => id)
  const rows = [...html.matchAll(/<tr id="(sample-\d+)">/g)].map(([, id = '']) => id)
  expect(targets.length).toBeGreaterThan(rows.length)
  expect(new Set(targets)).toEqual(new Set(rows))
  expect(/<tr id="sample-1">.*/.exec(html)?.[0]).toMatchInlineSnapshot(
    `"<tr id="sample-1"><td>demo · f16 · decode</td><td>decode</td><td class="n">2 733 ± 106 tokens/s</td><td class="n">2 629 to 2 842</td><td class="n">2</td><td class="prose">2 742 (trial 1), 2 725 (trial 9)</td></tr>"`,
  )
  expect(html).not.toMatch(/<td class="n prose"|<td class="prose n"/)
  expect((await markdownOf(text, bindings)).text).not.toContain('sample-')
  expect((await pageOf('No number.', bindings)).html).not.toContain('class="numbers"')
})

test('names of hostile arms end no link of a number', async () => {
  const { html } = await pageOf('{{table "matrix"}}', bindingsOf(armsFixture()))
  expect(html).toMatch(/<a href="#sample-1" title="/)
  expect(html).not.toMatch(/<img src=x|<script>alert/)
  expect(html.match(/\(#sample-/)).toBeNull()
})

test.each(['en', 'ko'])(
  'the post that fits every plan says in %s all that a report must, of hostile arms too',
  async (language) => {
    const source = await loadPost('/nowhere', { name: 'none', language })
    expect(source.file).toBe(`reports/posts/default.${language}.md`)
    const options = { bindings: bindingsOf(armsFixture()), template, language }
    const { html } = await postPage(source, { ...options, summary: '{}', printed: '' })
    const { text } = await postMarkdown(source, { ...options, images })
    for (const made of [html, text]) expect(made).not.toMatch(/<img src=x|<script>alert/)
    expect(text.match(/^## /gm)).toHaveLength(5)
    expect(html.match(/<h2 id="[^"]+">/g)).toHaveLength(5)
  },
)

test('the post of a new lab can be bound to what its experiment measures', async () => {
  const data = fixture({ models: ['demo'], threads: [1], blocks: 2 })
  const { text, images: drawn } = await markdownOf(readFileSync('data/lab/first.md', 'utf8'), bindingsOf(data))
  expect(text).toContain('about five that is called q4_k_m 5\u202f')
  expect(text).not.toMatch(/\{\{|handlebarsjs/)
  expect(drawn.map(({ path }) => path)).toContain('x/tradeoff-1.svg')
})
