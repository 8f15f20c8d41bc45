import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { explainPages } from '../../lib/cli/explain-pages.ts'
import { metrics } from '../../lib/domain/metric.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { fixture } from './fixture.ts'

let lab: string
beforeEach(async () => {
  lab = await mkdtemp(join(tmpdir(), 'lab-'))
  await mkdir(join(lab, 'reports', 'templates'), { recursive: true })
})
afterEach(() => rm(lab, { recursive: true }))

test('a file of the lab is taken instead of the packaged one, the others stay', async () => {
  await writeFile(join(lab, 'reports', 'style.css'), 'body { color: red }')
  const [own, packaged] = await Promise.all([loadTemplates(lab), loadTemplates()])
  expect(own.style).toBe('body { color: red }')
  expect({ ...own, style: packaged.style }).toEqual(packaged)
})

test('a lab may add partials of its own and use them', async () => {
  await writeFile(join(lab, 'reports', 'templates', 'page.hbs'), '<title>{{head.title}}</title>{{> mine}}')
  await writeFile(join(lab, 'reports', 'templates', 'mine.hbs'), '<p>{{matrix.rows.length}}</p>')
  const html = await renderReport(fixture(), { template: await loadTemplates(lab) })
  expect(html).toBe('<title>Does quantizing pay on this CPU?</title><p>14</p>')
})

test('a template that names what is not there fails by its name', async () => {
  await writeFile(join(lab, 'reports', 'templates', 'page.hbs'), '{{head.titel}}')
  await expect(loadTemplates(lab).then((template) => renderReport(fixture(), { template }))).rejects.toThrow(
    '"titel" not defined',
  )
})

test('a style that would end its element is refused', async () => {
  await writeFile(join(lab, 'reports', 'style.css'), '</style><script>alert(1)</script>')
  await expect(loadTemplates(lab).then((template) => renderReport(fixture(), { template }))).rejects.toThrow(
    'reports/style.css may not contain "</style": it would end its element',
  )
})

test('broken strings are an error with its place', async () => {
  await mkdir(join(lab, 'reports', 'strings'))
  await writeFile(join(lab, 'reports', 'strings', 'en.yaml'), 'head: [')
  await expect(loadTemplates(lab)).rejects.toThrow(/en\.yaml:1:8/)
})

test('there is a word for everything that may happen', async () => {
  const words = wordsOf((await loadTemplates()).strings)
  // Every reason has a page, which is held to the types of the code: test/cli/explain.test.ts.
  const pages = await explainPages('.')
  const reasonsOf = (of: string) =>
    pages.flatMap((page) => (page.kind === 'reason' && page.of === of ? [page.name] : []))
  for (const reason of [...reasonsOf('failed'), 'unknown']) expect(words(`reason.${reason}`)).not.toBe('')
  for (const reason of reasonsOf('invalid')) {
    expect(words(`invalid.${reason}`)).not.toBe('')
    expect(words(`warning.invalid-${reason}.says`, { n: 1, all: 2, detail: '' })).not.toBe('')
  }
  for (const reason of reasonsOf('skipped')) expect(words(`skip.${reason}`)).not.toBe('')
  for (const status of ['pending', 'running', 'ok', 'failed', 'interrupted'])
    expect(words(`status.${status}`)).not.toBe('')
  for (const { better, level, mean } of Object.values(metrics)) {
    expect(words(`method.better-${better}`)).not.toBe('')
    expect(words(`method.mean-${level}-${mean}`)).not.toBe('')
  }
})

test('a word that is missing, or a value that it wants, is an error that names it', () => {
  const words = wordsOf({ a: { b: 'with {value}' } })
  expect(() => words('a.c')).toThrow('reports/strings: there is no text for a.c')
  expect(() => words('a.b')).toThrow('reports/strings: a.b wants {value}, which was not given')
  expect(words('a.b', { value: '{value} {{x}}' })).toBe('with {value} {{x}}')
})
