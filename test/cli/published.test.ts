import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { speedPost } from '../published/speed-post.ts'
import { CommandLine } from './command-line.ts'

const files = {
  'experiments/speed.yaml': 'name: speed\npublished: speed\n',
  'data/published/speed/post.yaml': speedPost,
  'data/published/speed/speed.csv': 'line,gpu,tps,usd,per_usd\n12,A,6.50,100,0.065\n13,B,6,100,0.07\n',
}
const ownPost = { 'reports/posts/speed.md': '{{answer}}\n\n{{table "speed"}}\n\n{{slips}}\n' }

test('a file of published results is checked, and its post with it', async () => {
  using lab = new CommandLine(files)
  expect(await lab.run(['validate', 'experiments/speed.yaml'])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "",
      "stdout": "experiments/speed.yaml: ok, 1 published table, 2 claims: 1 reproduced, 1 differ, 0 cannot be tested
    ",
    }
  `)
  lab.write('data/published/speed/speed.csv', 'gpu\nA\n')
  expect(await lab.refused(['validate', 'experiments/speed.yaml'])).toMatchInlineSnapshot(`
    "2 benchbook: data/published/speed/post.yaml:9:12: data/published/speed/speed.csv has no column tps
        tps: { title: { en: Speed, ko: 속도 }, unit: tokens/s, role: measured }
    data/published/speed/post.yaml:10:12: data/published/speed/speed.csv has no column usd
        usd: { title: { en: Price, ko: 가격 }, unit: USD, role: fact }
    data/published/speed/post.yaml:11:16: data/published/speed/speed.csv has no column per_usd
        per_usd: { title: { en: Per dollar, ko: 달러당 }, role: derived, formula: tps / usd }
    "
  `)
})

test('nothing of it is planned or run, and what runs beside it is refused', async () => {
  using lab = new CommandLine(files)
  const refused = await lab.refused(['run', 'experiments/speed.yaml'])
  expect(refused).toMatchInlineSnapshot(`
    "2 benchbook: experiments/speed.yaml:2:1: these are published results, nothing of them runs: benchbook report makes their page
        published: speed
    "
  `)
  expect(await lab.refused(['plan', 'experiments/speed.yaml'])).toBe(refused)
  lab.write('experiments/speed.yaml', 'name: speed\npublished: sped\naxes: { model: [demo] }\n')
  expect(await lab.refused(['validate', 'experiments/speed.yaml'])).toMatchInlineSnapshot(`
    "2 benchbook: experiments/speed.yaml:3:1: unknown key "axes"; known here: $schema, name, title, question, published, report
        axes: { model: [demo] }
    "
  `)
})

test('its page is among the reports of the lab, and in their index', async () => {
  using lab = new CommandLine({ ...files, ...ownPost })
  const said = await lab.run(['report', 'experiments/speed.yaml'])
  expect(said).toEqual({ exitCode: 0, stderr: '', stdout: 'reports/out/speed.html\n' })
  const index = readFileSync(lab.at('reports/out/index.html'), 'utf8')
  const [entry = ''] = /<li lang=[\s\S]*?<\/li>/.exec(index) ?? []
  expect(entry).toContain('2 results checked. As printed: 1; different: 1')
  expect(entry).toContain('href="speed.html"')
  expect(await lab.run(['report', 'experiments/speed.yaml', '--check'])).toMatchObject({ exitCode: 0 })
  lab.write('data/published/speed/speed.csv', 'line,gpu,tps,usd,per_usd\n12,A,6.50,100,0.065\n13,B,6,100,0.06\n')
  expect(await lab.run(['report', 'experiments/speed.yaml', '--check'])).toMatchObject({ exitCode: 13 })
  expect(await lab.run(['query', 'SELECT printed FROM v_published', '--format', 'csv'])).toMatchObject({ exitCode: 0 })
})

test('its page is a post, and no other can be had', async () => {
  using lab = new CommandLine({ ...files, ...ownPost })
  expect(await lab.run(['report', 'experiments/speed.yaml', '--template', 'page'])).toEqual({
    exitCode: 2,
    stderr: 'benchbook: published figures have no report but their post: leave out --template page\n',
    stdout: '',
  })
})

test('where a plan is wanted it is said that there is none, and not that one should run', async () => {
  using lab = new CommandLine(files)
  await lab.run(['report', 'experiments/speed.yaml'])
  const refused = await lab.refused(['notebook', 'new', 'experiments/speed.yaml'])
  expect(refused).toMatchInlineSnapshot(`
    "2 benchbook: experiments/speed.yaml is of published results, of which there is no plan: benchbook report makes their page
    "
  `)
  expect(await lab.refused(['diff', 'experiments/speed.yaml', 'latest'])).toBe(refused)
})

test('a store that has the post is only read: it may be read-only, or another program may be writing', async () => {
  using lab = new CommandLine({ ...files, ...ownPost })
  const args = ['report', 'experiments/speed.yaml', '-o', 'x.html']
  await lab.run(args)
  const [page, store] = [lab.at('x.html'), lab.at('data/benchbook.db')].map((file) => readFileSync(file))
  const other = new Database(lab.store)
  other.exec('BEGIN IMMEDIATE')
  expect(await lab.run(args)).toEqual({ exitCode: 0, stderr: '', stdout: 'x.html\n' })
  other.close()
  expect([readFileSync(lab.at('x.html')), readFileSync(lab.store)]).toEqual([page, store])
})

test("figures without a post of one's own have a page: their tables, their charts, their claims", async () => {
  const csv = 'gpu,tps,usd,per_usd\nA,6.50,100,0.065\nB,6,~100,0.06\n'
  const charted = `${speedPost}figures:\n  speeds: { kind: bars, table: speed, columns: [tps] }\n`
  using lab = new CommandLine({
    ...files,
    'data/published/speed/speed.csv': csv,
    'data/published/speed/post.yaml': charted,
  })
  for (const language of ['en', 'ko']) {
    const said = await lab.run(['report', 'experiments/speed.yaml', '--lang', language, '-o', `${language}.md`])
    expect(said).toMatchObject({ exitCode: 0, stderr: '' })
    const text = readFileSync(lab.at(`${language}.md`), 'utf8')
    expect(text).toContain('| A | 6.50 | 100 | 0.065 |')
    expect(text).toContain('speeds')
    expect(text).toContain('tps / usd')
  }
  expect(readFileSync(lab.at('en.md'), 'utf8')).toContain('- Speed, B, Per dollar: "\\~100" is no number.')
})

test('in a lab of its own the packaged files are named where they are', async () => {
  using lab = new CommandLine({})
  const said = await lab.refused(['report', 'experiments/gpu-survey.yaml'])
  expect(said.replace(/mean "\S*\//, 'mean "…/')).toBe(
    '2 benchbook: experiments/gpu-survey.yaml is not there, did you mean "…/gpu-survey.yaml"?\n',
  )
})
