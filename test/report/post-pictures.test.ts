import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { postPage } from '../../lib/report/post-page.ts'
import { parsePost } from '../../lib/report/post-source.ts'
import { temporaryFolder } from '../store/example.ts'
import { fixture } from './fixture.ts'
import { bindingsOf, template } from './post-of.ts'

const bindings = bindingsOf(fixture({ models: ['demo'], threads: [1] }))
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

async function pageOf(folder: string, text: string): Promise<string> {
  const source = { ...parsePost('reports/posts/mine.md', text), folder }
  const { html } = await postPage(source, { bindings, template, language: 'en', summary: '{}', printed: '' })
  return html
}
const bodyOf = (html: string) => /<main class="post">\n?([\s\S]*)<\/main>/.exec(html)?.[1] ?? ''
const policyIn = (html: string) => /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''

test('a picture beside a post stands in its page, and nothing but what the page itself holds may be shown', async () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'im ages'))
  writeFileSync(join(folder.path, 'im ages', 'desk.png'), png)
  writeFileSync(join(folder.path, 'plan.svg'), svg)
  const html = await pageOf(folder.path, '![My "desk" <b>](im%20ages/desk.png "At _home_")\n\n![](./plan.svg)\n')
  expect(bodyOf(html)).toBe(
    `<p><img src="data:image/png;base64,${png.toString('base64')}" alt="My &quot;desk&quot; &lt;b&gt;" title="At _home_"></p>\n` +
      `<p><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" alt=""></p>\n`,
  )
  expect(policyIn(html)).toContain('; img-src data:;')
  expect(await pageOf(folder.path, 'No picture.').then(policyIn)).not.toContain('img-src')
})

test('a page fetches no picture: one of the web, or of the site, is a link to it', async () => {
  using folder = temporaryFolder()
  const html = await pageOf(
    folder.path,
    '![A desk](https://a.example/x.png)\n\n![](/assets/x.png) ![b](javascript:alert(1))\n',
  )
  expect(bodyOf(html)).toBe(
    '<p><a href="https://a.example/x.png">A desk</a></p>\n<p><a href="/assets/x.png">/assets/x.png</a> ![b](javascript:alert(1))</p>\n',
  )
})

test('what cannot be shown is told at once, each with its line: nothing outside of the folder of the post is read', async () => {
  using folder = temporaryFolder()
  const posts = join(folder.path, 'posts')
  mkdirSync(join(posts, 'folder'), { recursive: true })
  writeFileSync(join(folder.path, 'secret.png'), png)
  symlinkSync('../secret.png', join(posts, 'link.png'))
  symlinkSync('..', join(posts, 'up'))
  writeFileSync(join(posts, 'text.png'), 'no picture')
  writeFileSync(join(posts, 'page.svg'), '<html><svg></svg></html>')
  writeFileSync(join(posts, 'large.png'), Buffer.concat([png, Buffer.alloc(2 * 1_048_576)]))
  const names = [
    '../secret.png',
    '%2e%2e/secret.png',
    'link.png',
    'up/secret.png',
    'none.png',
    'folder',
    'text.png',
    'page.svg',
    'large.png',
  ]
  const text = `---\ntitle: Mine\n---\n${names.map((name) => `![](${name})\n`).join('\n')}`
  await expect(pageOf(posts, text)).rejects.toThrowErrorMatchingInlineSnapshot(`
    [UserError: reports/posts/mine.md:4: the picture "../secret.png" is not in the folder of the post: put it there, or in a folder below
    reports/posts/mine.md:8: the picture "link.png" leads out of the folder of the post: put the file itself there
    reports/posts/mine.md:10: the picture "up/secret.png" leads out of the folder of the post: put the file itself there
    reports/posts/mine.md:12: the picture "none.png" is not there: it belongs beside the post
    reports/posts/mine.md:14: the picture "folder" is no file
    reports/posts/mine.md:16: the picture "text.png" is no PNG, JPEG, WebP or SVG
    reports/posts/mine.md:18: the picture "page.svg" is no PNG, JPEG, WebP or SVG
    reports/posts/mine.md:20: the picture "large.png" has more than 2.0 MiB: make it smaller]
  `)
})

test('many pictures are told together, not when a page has become too large to open', async () => {
  using folder = temporaryFolder()
  const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.png`)
  for (const name of names) writeFileSync(join(folder.path, name), Buffer.concat([png, Buffer.alloc(2_000_000)]))
  await expect(pageOf(folder.path, names.map((name) => `![](${name})`).join(' '))).rejects.toThrow(
    'reports/posts/mine.md: its pictures are 9.5 MiB together, a page holds 8.0 MiB',
  )
})
