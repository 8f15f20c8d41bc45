import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { speedPost } from '../published/speed-post.ts'
import { CommandLine } from './command-line.ts'

const files = {
  'experiments/speed.yaml': 'name: speed\npublished: speed\n',
  'data/published/speed/post.yaml': speedPost,
  'data/published/speed/speed.csv': 'line,gpu,tps,usd,per_usd\n12,A,6.50,100,0.065\n13,B,6,100,0.07\n',
}

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
  using lab = new CommandLine({ ...files, 'reports/posts/speed.md': '{{answer}}\n\n{{table "speed"}}\n\n{{slips}}\n' })
  const said = await lab.run(['report', 'experiments/speed.yaml'])
  expect(said).toEqual({ exitCode: 0, stderr: '', stdout: 'reports/out/speed.html\n' })
  const index = readFileSync(lab.at('reports/out/index.html'), 'utf8')
  const [entry = ''] = /<li lang=[\s\S]*?<\/li>/.exec(index) ?? []
  expect(entry).toContain('2 results computed again: 1 come to what is printed, 1 do not')
  expect(entry).toContain('href="speed.html"')
  expect(await lab.run(['report', 'experiments/speed.yaml', '--check'])).toMatchObject({ exitCode: 0 })
  lab.write('data/published/speed/speed.csv', 'line,gpu,tps,usd,per_usd\n12,A,6.50,100,0.065\n13,B,6,100,0.06\n')
  expect(await lab.run(['report', 'experiments/speed.yaml', '--check'])).toMatchObject({ exitCode: 13 })
  expect(await lab.run(['query', 'SELECT printed FROM v_published', '--format', 'csv'])).toMatchObject({ exitCode: 0 })
})
