import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

function labWithPlans(): CommandLine {
  const lab = new CommandLine({ 'experiments/quick.yaml': quick })
  storePlan(lab.store, 'complete', { id: 'aaaaaaaaaaaa' })
  storePlan(lab.store, 'planned', { id: 'bbbbbbbbbbbb' })
  return lab
}
const index = 'reports/out/index.html'
const titles = (html: string) => [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)

test('a report that is written where reports are kept stands in the index', async () => {
  using lab = labWithPlans()
  const { stdout } = await lab.run(['report', 'aaaaaaaaaaaa'])
  const file = stdout.trim().split('/').at(-1) ?? ''
  const html = readFileSync(lab.at(index), 'utf8')
  expect(titles(html)[0] ?? '').not.toContain('href') // the one that has no report yet
  expect(titles(html)[1]).toContain(`<a href="${file}">`)
  expect(html).toContain('benchbook report bbbbbbbbbbbb')
})

test('a report elsewhere changes no index', async () => {
  using lab = labWithPlans()
  await lab.run(['report', 'latest', '-o', 'x.html'])
  expect(existsSync(lab.at(index))).toBe(false)
})

test('a report goes into a folder under its own name, whether the folder is there or not', async () => {
  using lab = labWithPlans()
  const { stdout } = await lab.run(['report', 'aaaaaaaaaaaa', '-o', 'new/'])
  expect(stdout).toMatch(/^new\/[\w-]+-aaaaaaaaaaaa\.html\n$/)
  expect(await lab.run(['report', 'aaaaaaaaaaaa', '-o', 'new'])).toMatchObject({ exitCode: 0, stdout })
  expect(existsSync(lab.at(stdout.trim()))).toBe(true)
})

test('all reports are made at once, and the index again is the same bytes', async () => {
  using lab = labWithPlans()
  const { exitCode, stdout, stderr } = await lab.run(['report', '--all'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${index}\n` })
  const files = stderr.trim().split('\n')
  expect(files.every((file) => existsSync(lab.at(file)))).toBe(true)
  expect(files).toHaveLength(2)
  const before = lab.files()
  expect(await lab.run(['report', '--index', '--json'])).toMatchObject({ exitCode: 0 })
  expect(lab.files()).toEqual(before)
  expect(readFileSync(lab.at(index), 'utf8')).not.toContain('There is no report of this plan')
})

test('all reports have the pages of published figures among them, and the index leads there', async () => {
  using lab = labWithPlans()
  lab.write('experiments/survey.yaml', 'name: gpu-survey\npublished: gpu-survey\n')
  lab.write('experiments/broken.yaml', 'name: [\n')
  const { exitCode, stderr } = await lab.run(['report', '--all'])
  expect([exitCode, stderr.trim().split('\n')]).toEqual([
    0,
    expect.arrayContaining(['reports/out/gpu-survey.html']) as string[],
  ])
  expect(readFileSync(lab.at(index), 'utf8')).toContain('href="gpu-survey.html"')
  using bare = new CommandLine({ 'experiments/survey.yaml': 'name: gpu-survey\npublished: gpu-survey\n' })
  const { stdout } = await bare.run(['report', '--all', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ index, reports: ['reports/out/gpu-survey.html'] })
})

test('what does not go together is refused', async () => {
  using lab = labWithPlans()
  const told: string[] = []
  for (const args of [
    ['--all', 'latest'],
    ['latest', '--index'],
    ['--all', '-o', 'x'],
    ['latest', '-o', 'experiments/quick.yaml'],
    ['latest', '-o', 'x.markdown'],
    ['experiments/quik.yaml'],
    ['latest', '-o', '-', '--open'],
    [],
  ])
    told.push(await lab.refused(['report', ...args]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: --all is for every report: leave out the plan, or leave out --all
    2 benchbook: --index is for every report: leave out the plan, or leave out --index
    2 benchbook: -o is for one report: all of them and their index go to reports/out
    2 benchbook: -o experiments/quick.yaml: a report is .html, a post .html or .md
    2 benchbook: -o x.markdown: a report is .html, a post .html or .md
    2 benchbook: experiments/quik.yaml is not there, and no plan of it in /lab/data/benchbook.db, did you mean "experiments/quick.yaml"?
    2 benchbook: --open needs a file: leave out -o -, or leave out --open
    2 benchbook: name a plan or an experiment file (latest is the last plan), or give --all or --index
    "
  `)
})

test('what cannot be opened is written all the same', async () => {
  using lab = labWithPlans()
  const said = await lab.run(['report', 'latest', '-o', 'x.html', '--open'], { env: { CI: '1' } })
  expect(said).toEqual({ exitCode: 0, stdout: 'x.html\n', stderr: 'not opened: CI is set\n' })
})
