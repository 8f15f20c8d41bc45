import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { markdownCode, markdownText } from '../../lib/report/markdown-text.ts'
import { loadPost } from '../../lib/report/post-files.ts'
import { postMarkdown } from '../../lib/report/post-markdown.ts'
import { fixture } from '../report/fixture.ts'
import { hostileMarkdown } from '../report/hostile-markdown.ts'
import { bindingsOf, template } from '../report/post-of.ts'

const run = promisify(execFile)
const limit = { timeout: 120_000 }

/** A folder with a blog of both kinds, gone when its test has ended. */
class Blog implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'benchbook-blog-'))

  constructor() {
    this.write('jekyll/_config.yml', 'title: secret\n')
    this.write('jekyll/_layouts/post.html', '<main>{{ content }}</main>')
    this.write('hugo/hugo.toml', 'baseURL = "https://x.example/"\ntitle = "secret"\n')
    for (const kind of ['single', 'list'])
      this.write(`hugo/layouts/_default/${kind}.html`, '<h1>{{ .Title }}</h1><main>{{ .Content }}</main>')
  }
  write(file: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    writeFileSync(join(this.root, file), content)
  }
  /** What both make of a post and the images beside it. */
  async pages(text: string, images: readonly { path: string; content: string | Uint8Array }[] = []): Promise<string[]> {
    this.write('jekyll/_posts/2026-11-20-x.md', text)
    this.write('hugo/content/posts/x/index.md', text)
    for (const { path, content } of images) {
      this.write(`jekyll/${path}`, content)
      this.write(`hugo/content/posts/x/${path}`, content)
    }
    await run('jekyll', ['build', '--strict_front_matter'], { cwd: join(this.root, 'jekyll') })
    await run('hugo', [], { cwd: join(this.root, 'hugo') })
    const made = ['jekyll/_site/2026/11/20/x.html', 'hugo/public/posts/x/index.html']
    return made.map((file) => /<main>([\s\S]*)<\/main>/.exec(readFileSync(join(this.root, file), 'utf8'))?.[1] ?? '')
  }
  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" }
const textOf = (html: string) =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll(/&([#\w]+);/g, (whole, name: string) => entities[name] ?? whole)

test('what a store says is text in Jekyll and in Hugo, wherever it stands', limit, async () => {
  using blog = new Blog()
  const head = '---\nlayout: post\ntitle: "x"\ndate: 2026-11-20\n---\n'
  const lines = hostileMarkdown.map((text) => `${markdownText(text)}\n\nL ${markdownText(text)} E\n`)
  const rows = ['| a | b |', '|---|---|', ...hostileMarkdown.map((text) => `| ${markdownText(text)} | E |`)]
  const code = markdownCode('{{ site.title }} {% raw %} {{< youtube x >}} ``` <b>')
  for (const html of await blog.pages([head, ...lines, ...rows, '', code, ''].join('\n'))) {
    expect(html).not.toMatch(/<(?:script|b|strong|em|del|img|iframe|a|h1|li|blockquote|abbr|sup)\b|secret/)
    for (const text of hostileMarkdown) expect(textOf(html)).toContain(`L ${text} E`)
  }
})

test(
  'the post that fits every plan is a page there, with its tables, its pictures and their texts',
  limit,
  async () => {
    using blog = new Blog()
    const source = await loadPost('/nowhere', { name: 'none', language: 'en' })
    const bindings = bindingsOf(fixture({ models: ['demo'], threads: [1] }))
    const posted = { ...source, head: { layout: 'post' } }
    const images = { folder: 'images', url: 'images', format: 'png' } as const
    const post = await postMarkdown(posted, { bindings, template, language: 'en', images })
    for (const html of await blog.pages(post.text, post.images)) {
      expect(html.match(/<img src="images\/[\w-]+\.png" alt="[^"]{10,}"/g)?.length).toBe(post.images.length / 2)
      expect(html).toMatch(/<table>[\s\S]*q4_k_m[\s\S]*<\/table>/)
      expect(html).toMatch(/<h2 id="what-was-measured">/)
    }
    expect(readdirSync(join(blog.root, 'hugo/public/posts/x/images'))).toHaveLength(post.images.length)
  },
)

test('the site of the README lists its post, and shows it with its pictures', limit, async () => {
  using blog = new Blog()
  const walk = readFileSync('reports/README.md', 'utf8').split('**GitHub Pages with Jekyll.**')[1] ?? ''
  const [config = '', index = ''] = [...walk.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
  blog.write('site/_config.yml', config)
  blog.write('site/index.md', index)
  const source = await loadPost('/nowhere', { name: 'none', language: 'en' })
  const bindings = bindingsOf(fixture({ models: ['demo'], threads: [1], title: 'What fewer bits cost' }))
  const images = { folder: '../assets/first', url: '/assets/first', format: 'svg' } as const
  const posted = { ...source, head: { layout: 'post' } }
  const post = await postMarkdown(posted, { bindings, template, language: 'en', images })
  blog.write('site/_posts/2026-11-20-first.md', post.text)
  for (const { path, content } of post.images) blog.write(join('site/_posts', path), content)
  const { stdout, stderr } = await run('jekyll', ['build', '--strict_front_matter'], { cwd: join(blog.root, 'site') })
  expect(stdout + stderr).not.toMatch(/warning|error/i)
  const built = (file: string) => readFileSync(join(blog.root, 'site/_site', file), 'utf8')
  expect(built('index.html')).toMatch(/<a class="post-link" href="\/2026\/11\/20\/first.html">\s*What fewer bits cost/)
  const shown = [...built('2026/11/20/first.html').matchAll(/<img src="\/([^"]+)"/g)].map(([, file]) => file ?? '')
  expect(shown.length).toBeGreaterThan(0)
  for (const file of shown) expect(built(file)).toContain('<svg')
})
