import { expect, test } from 'vitest'
import { builtPost } from '../../lib/lab/build-post.ts'
import { parsePost } from '../../lib/report/post-source.ts'
import { fixture } from '../report/fixture.ts'
import { bindingsOf, template } from '../report/post-of.ts'

const bindings = bindingsOf(fixture({ models: ['demo'], threads: [1] }))

async function built(images: string, path: string) {
  const source = parsePost('reports/posts/mine.md', `---\n${images}\n---\n{{chart "speed"}}\n`)
  const placing = { labRoot: '/lab', language: 'en', path }
  const { text, beside } = await builtPost(source, { bindings, template, placing, summary: '{}', printed: '' })
  return { link: /\]\((.*?)\)/.exec(text)?.[1], files: beside.map((file) => file.path) }
}

test('images lie in a folder of the post’s name, in images/ of a bundle, or where its author says, as the author names them', async () => {
  expect(await built('', 'a/b.md')).toEqual({
    link: 'b/decode_tps-1.svg',
    files: ['a/b/decode_tps-1.svg', 'a/b/decode_tps-1.png'],
  })
  expect((await built('images: png', 'content/mine/index.md')).link).toBe('images/decode_tps-1.png')
  expect(await built('images: { folder: ../assets/mine, url: /assets/mine/ }', '_posts/2026-11-20-mine.md')).toEqual({
    link: '/assets/mine/decode_tps-1.svg',
    files: ['assets/mine/decode_tps-1.svg', 'assets/mine/decode_tps-1.png'],
  })
})
