import { readFileSync, renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'
import { examplePlan } from '../store/example.ts'

const { name } = examplePlan().experiment
const post =
  '---\ntitle: Mine\n---\nSo it was.\n\n{{facts}}\n\n{{value metric="load_ms" quantization="f16" workload="chat" is="7"}}\n'

function labWithPost(text = post): CommandLine {
  const lab = new CommandLine({ 'experiments/quick.yaml': quick, [`reports/posts/${name}.md`]: text })
  storePlan(lab.store, 'complete', { id: 'aaaaaaaaaaaa' })
  return lab
}
const changed = (lab: CommandLine, file: string, from: string | RegExp, to: string) =>
  lab.write(file, readFileSync(lab.at(file), 'utf8').replace(from, to))

test('a report that is as it would be made now is up to date, and nothing is written', async () => {
  using lab = labWithPost('{{facts}}\n')
  for (const args of [['-o', 'x.md'], ['-o', 'x.html'], [], ['--template', 'post', '-o', 'y.html']]) {
    const { stdout } = await lab.run(['report', 'latest', ...args])
    const before = lab.files()
    const said = await lab.run(['report', 'latest', ...args, '--check'])
    expect(said).toEqual({ exitCode: 0, stdout: `${stdout.trim()}: up to date\n`, stderr: '' })
    expect(lab.files()).toEqual(before)
  }
})

test('what is stale is told with its place: what stands there, and what the store says', async () => {
  using lab = labWithPost('---\ntitle: Mine\n---\nSo it was.\n\n{{facts}}\n')
  await lab.run(['report', 'latest', '-o', 'x.md'])
  await lab.run(['report', 'latest', '-o', 'x.html'])
  changed(lab, 'x.md', /\d+ cells/, '99 cells')
  changed(lab, 'x.html', /(<h1>.*?)\b\w+(<\/h1>)/, '$1Yours$2')
  const [markdown, page] = [
    await lab.run(['report', 'latest', '-o', 'x.md', '--check']),
    await lab.run(['report', 'latest', '-o', 'x.html', '--check']),
  ]
  expect([markdown.exitCode, page.exitCode]).toEqual([13, 13])
  expect(markdown.stdout + page.stdout.replace(/html:\d+/, 'html:LINE')).toMatchInlineSnapshot(`
    "x.md:12: …res of A CPU · llama.cpp b1 · [-99-]{+6+} cells · 12 trials in 4 launch…
    [-what stands there-] {+what the store says now+}
    x.html:LINE: A quick [-Yours-]{+look+}
    [-what stands there-] {+what the store says now+}
    "
  `)
  const { exitCode, stdout } = await lab.run(['report', 'latest', '-o', 'x.md', '--check', '--json'])
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([13, { status: 'stale', stale: [{ file: 'x.md' }] }])
})

test('a pin that no longer holds is stale, though the report is as it was made; making it tells so, too', async () => {
  using lab = labWithPost()
  await lab.run(['derive'])
  const made = await lab.run(['report', 'latest', '-o', 'x.md'])
  const checked = await lab.run(['report', 'latest', '-o', 'x.md', '--check'])
  expect(checked.exitCode).toBe(13)
  expect(checked.stdout).toBe(made.stderr)
  expect(checked.stdout).toMatchInlineSnapshot(`
    "reports/posts/quick.md:8:1: the text was written for 7, the store says 812
    "
  `)
})

test('a number that is typed, and not bound, is told as not checked, and is no failure', async () => {
  using lab = labWithPost(
    '---\ntitle: 2 times as fast\n---\nIt wrote 28.9 tokens/s, at 95 %: **7x**, $ 4.50, 3 초.\n`5 ms` [1 s](https://x.example/2%20s) on 8 cores in 2026\n\n```\n9 ms\n```\n{{!-- 9 s --}}{{facts}} <!-- 6 s --> \\{{ 4 GB }}\n',
  )
  await lab.run(['report', 'latest', '-o', 'x.md'])
  const said = await lab.run(['report', 'latest', '-o', 'x.md', '--check'])
  expect(said).toMatchObject({ exitCode: 0, stdout: 'x.md: up to date\n' })
  expect(said.stderr).toMatchInlineSnapshot(`
    "reports/posts/quick.md:2:8: 2 times is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:4:10: 28.9 tokens/s is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:4:28: 95 % is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:4:36: 7x is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:4:42: $ 4.50 is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:4:50: 3 초 is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:5:9: 1 s is typed, bound to nothing: whether it still holds is not checked
    reports/posts/quick.md:10:42: 4 GB is typed, bound to nothing: whether it still holds is not checked
    "
  `)
  const { stdout } = await lab.run(['report', 'latest', '-o', 'x.md', '--check', '--json'])
  const { status, typed } = JSON.parse(stdout)
  expect([status, typed.length, typed[0]]).toMatchObject(['up to date', 8, { line: 2, column: 8 }])
})

test('a page whose text is what it was, but not its style, says so', async () => {
  using lab = labWithPost('{{facts}}\n')
  await lab.run(['report', 'latest', '-o', 'x.html'])
  changed(lab, 'x.html', '<style>', '<style>\n')
  expect(await lab.run(['report', 'latest', '-o', 'x.html', '--check'])).toMatchObject({
    exitCode: 13,
    stdout: 'x.html: its text is up to date, but its style, scripts or charts are not\n',
  })
})

test('what is not there, or does not go together, is refused', async () => {
  using lab = labWithPost('{{facts}}\n')
  const told: string[] = []
  for (const args of [['-o', 'x.md'], ['-o', '-'], ['--watch'], ['--open']])
    told.push(await lab.refused(['report', 'latest', ...args, '--check']))
  for (const mode of ['--check', '--watch']) told.push(await lab.refused(['report', '--all', mode]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: x.md is not there: write it first, the same without --check, or name it with -o
    2 benchbook: --check needs a file: leave out -o -
    2 benchbook: --check looks once, --watch stays: give one of them
    2 benchbook: --check only looks: leave out --open
    2 benchbook: --check is for one report: name its plan or file
    2 benchbook: --watch is for one report: name its plan or file
    "
  `)
})

test('watching writes at once, tells what is wrong and goes on, and ends well', async () => {
  using lab = labWithPost('{{facts}}\n')
  const said = await lab.run(['report', 'latest', '-o', 'x.md', '--watch'])
  expect(said).toEqual({ exitCode: 0, stdout: 'x.md\n', stderr: '' })
  rmSync(lab.at('x.md'))
  lab.write(`reports/posts/${name}.md`, '{{fatcs}}\n')
  const wrong = await lab.run(['report', 'latest', '-o', 'x.md', '--watch'])
  expect(wrong).toMatchObject({ exitCode: 0, stdout: '' })
  expect(wrong.stderr).toMatch(/^benchbook: reports\/posts\/quick\.md:1:\d+: there is no \{\{fatcs\}\}/)
})

test('a post that is not where its name says is told: one that fits every plan stands for it', async () => {
  using lab = labWithPost()
  renameSync(lab.at(`reports/posts/${name}.md`), lab.at('reports/posts/qiuck.md'))
  expect((await lab.run(['report', 'latest', '-o', 'x.md'])).stderr).toBe(
    'reports/posts/quick.md: is not there: made of reports/posts/default.en.md in its stead\n',
  )
})

test('published figures are held against their files, without a store, and leave nothing behind', async () => {
  using lab = new CommandLine({ 'experiments/survey.yaml': 'name: gpu-survey\npublished: gpu-survey\n' })
  await lab.run(['report', 'experiments/survey.yaml', '-o', 'x.md'])
  const check = (store: string) =>
    lab.run(['report', 'experiments/survey.yaml', '-o', 'x.md', '--check', '--store', store])
  const before = lab.files()
  expect(await check('none.db')).toEqual({ exitCode: 0, stdout: 'x.md: up to date\n', stderr: '' })
  expect(lab.files()).toEqual(before)
  changed(lab, 'x.md', 'RTX 4090', 'RTX 9040')
  expect(await check('none.db')).toMatchObject({
    exitCode: 13,
    stdout: expect.stringContaining('RTX [-9040-]{+4090+}'),
  })
})
