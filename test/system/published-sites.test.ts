import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandLine } from '../cli/command-line.ts'

const posts = ['bllossom-awq', 'gpu-survey', 'local-llm-terms', 'ollama-machines', 'openshift-llama2']
const languages = ['en', 'ko']
const hostile =
  '{{ site.title }} {% include x %} {{< figure >}} <script>alert(1)</script> | $x$ ~~y~~ [z](javascript:1)'

const hostilePost = `title: { en: ${JSON.stringify(hostile)}, ko: x }
source: { title: ${JSON.stringify(hostile)} }
tables:
  t:
    file: t.csv
    title: { en: ${JSON.stringify(hostile)}, ko: x }
    columns:
      key: { title: { en: ${JSON.stringify(hostile)}, ko: x }, role: key }
      text: { title: { en: ${JSON.stringify(hostile)}, ko: x }, role: fact }
notes: [{ says: { en: ${JSON.stringify(hostile)}, ko: x } }]
`

let lab: CommandLine
beforeAll(() => {
  lab = new CommandLine({
    'experiments/hostile.yaml': 'name: hostile\npublished: hostile\n',
    'data/published/hostile/post.yaml': hostilePost,
    'data/published/hostile/t.csv': `key,text\nx,"${hostile}"\n`,
    'reports/posts/hostile.md': '{{title}}\n\n{{table "t"}}\n\n{{notes}}\n\n{{source}}\n',
  })
  for (const name of posts)
    lab.write(`experiments/${name}.yaml`, readFileSync(join(import.meta.dirname, `../../experiments/${name}.yaml`)))
})
afterAll(() => lab[Symbol.dispose]())

/** Makes every post where `place` says, and gives what a site made of each. */
async function made(
  place: (name: string, language: string) => string,
  build: () => void,
  html: (path: string) => string,
) {
  const pages: { name: string; markdown: string; page: string; folder: string }[] = []
  const all = [
    ...posts.flatMap((name) => languages.map((language) => ({ name, language }))),
    { name: 'hostile', language: 'en' },
  ]
  const written: { name: string; path: string }[] = []
  for (const { name, language } of all) {
    const path = place(name, language)
    mkdirSync(dirname(lab.at(path)), { recursive: true })
    const said = await lab.run(['report', `experiments/${name}.yaml`, '--lang', language, '-o', path])
    expect(said.stderr).toBe('')
    expect(said.exitCode).toBe(0)
    written.push({ name: `${name} in ${language}`, path })
  }
  build()
  for (const { name, path } of written) {
    const file = lab.at(html(path))
    pages.push({
      name,
      markdown: readFileSync(lab.at(path), 'utf8'),
      page: readFileSync(file, 'utf8'),
      folder: dirname(file),
    })
  }
  return pages
}

type Page = Awaited<ReturnType<typeof made>>[number]

const count = (pattern: RegExp, of: string) => of.match(pattern)?.length ?? 0

/** That a page has all that its Markdown has, as HTML. */
function expectWhole({ name, markdown, page, folder }: Page): void {
  const text = page.replaceAll(/<code[\s\S]*?<\/code>/g, '').replaceAll(/<[^>]*>/g, '')
  expect(count(/<table/g, page), name).toBe(count(/^\|[ :|-]+\|$/gm, markdown))
  expect(count(/<h2/g, page), name).toBe(count(/^## /gm, markdown))
  expect(text, name).not.toMatch(/\*\*|^\s*\||\]\(/m)
  const images = [...page.matchAll(/<img[^>]* src="([^"]+)"/g)].map(([, source = '']) => source)
  expect(images.length, name).toBe(count(/^!\[/gm, markdown))
  for (const image of images)
    expect(existsSync(join(folder, decodeURIComponent(image))), `${name}: ${image}`).toBe(true)
}

function expectText(pages: readonly Page[]): void {
  const page = pages.find(({ name }) => name.startsWith('hostile'))?.page ?? ''
  const text = page.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll('&#123;', '{')
  expect(text.split('{% include x %}').length).toBeGreaterThanOrEqual(5)
  expect(page).not.toMatch(/<script|javascript:1["']|<del>/)
  expect(page.match(/<table/g)).toHaveLength(1)
}

describe('posts in a site', () => {
  test('made by Jekyll are whole: tables, pictures, heads; hostile text is text', async () => {
    const layout =
      '<!doctype html><html><head><title>{{ page.title | escape }}</title></head><body>{{ content }}</body></html>'
    lab.write('jekyll/_layouts/default.html', layout)
    lab.write('jekyll/_config.yml', 'defaults: [{ scope: { path: "" }, values: { layout: default } }]\n')
    const build = () =>
      execFileSync('jekyll', ['build', '--quiet', '-s', lab.at('jekyll'), '-d', lab.at('jekyll-site')], {
        env: { ...process.env, LANG: 'C.UTF-8' },
      })
    const pages = await made(
      (name, language) => `jekyll/${name}-${language}.md`,
      build,
      (path) => path.replace('jekyll/', 'jekyll-site/').replace(/md$/, 'html'),
    )
    for (const page of pages.filter(({ name }) => !name.startsWith('hostile'))) expectWhole(page)
    expectText(pages)
  })

  test('made by Hugo are whole: tables, pictures, heads; hostile text is text', async () => {
    lab.write('hugo/config.yaml', 'baseURL: https://example.org/\ndisableKinds: [taxonomy, term, RSS, sitemap]\n')
    const layout = '<!doctype html><html><head><title>{{ .Title }}</title></head><body>{{ .Content }}</body></html>'
    lab.write('hugo/layouts/_default/single.html', layout)
    lab.write('hugo/layouts/_default/list.html', '')
    const build = () =>
      execFileSync('hugo', ['--quiet', '--source', lab.at('hugo'), '--destination', lab.at('hugo-site')])
    const pages = await made(
      (name, language) => `hugo/content/${name}-${language}/index.md`,
      build,
      (path) => path.replace('hugo/content/', 'hugo-site/').replace(/md$/, 'html'),
    )
    for (const page of pages.filter(({ name }) => !name.startsWith('hostile'))) expectWhole(page)
    expectText(pages)
  })
})
