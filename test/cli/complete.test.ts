import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

async function completed(lab: CommandLine, ...words: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await lab.run(['complete', '--', ...words])
  expect([exitCode, stderr]).toEqual([0, ''])
  return stdout.split('\n').slice(0, -1)
}

test('commands, their options, and values of these', async () => {
  using lab = new CommandLine()
  expect(await completed(lab, 're')).toContain('report')
  expect(await completed(lab, '')).toEqual(expect.arrayContaining(['run', 'list', 'models', 'completion']))
  expect(await completed(lab, 'models', '')).toEqual(expect.arrayContaining(['list', 'quantize', 'rm']))
  expect(await completed(lab, 'run', '--res')).toEqual(['--resume'])
  expect(await completed(lab, 'query', 'SELECT 1', '--format', '')).toContain('markdown')
  expect(await completed(lab, 'export', '--format', 'p')).toEqual(['parquet'])
  expect(await completed(lab, 'completion', '')).toEqual(['bash', 'zsh', 'fish'])
  expect(await completed(lab, 'run', '--retry', '')).toEqual(['failed'])
  expect(await completed(lab, 'emulate', '--fault', 'reset@m')).toEqual(['reset@mid-stream'])
  expect(await completed(lab, 'emulate', '--set', 'tokenM')).toEqual(['tokenMs'])
})

test('experiment files, plans and metrics', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick, 'experiments/a b;rm.yaml': quick })
  storePlan(lab.store, 'planned')
  expect(await completed(lab, 'run', 'experiments/q')).toEqual(['experiments/quick.yaml'])
  expect(await completed(lab, 'run', 'x.yaml', '')).toEqual(['experiments/quick.yaml'])
  expect(await completed(lab, 'show', '')).toEqual(['latest', 'c0ffee000001'])
  expect(await completed(lab, 'diff', 'latest', 'c0')).toEqual(['c0ffee000001'])
  expect(await completed(lab, 'report', '')).toEqual(['latest', 'c0ffee000001', 'experiments/quick.yaml'])
  expect(await completed(lab, 'models', 'quantize', 'de')).toEqual(['demo'])
  expect(await completed(lab, 'explain', 'ttft')).toEqual(['ttft_ms', 'ttft_scheduled_ms'])
  expect(await completed(lab, 'explain', 'conten')).toEqual(['contention'])
  expect(await completed(lab, 'explain', 'inv')).toEqual(['invalid'])
})

test('the script of completion as JSON', async () => {
  using lab = new CommandLine()
  const { stdout } = await lab.run(['completion', 'fish', '--json'])
  const { shell, script } = JSON.parse(stdout) as { shell: string; script: string }
  expect([shell, script]).toEqual(['fish', (await lab.run(['completion', 'fish'])).stdout])
})

test('where nothing is known, or nothing can be read, nothing is said', async () => {
  using lab = new CommandLine()
  for (const words of [['show', ''], ['frobnicate', ''], ['list', ''], ['list', '--store', ''], ['\u001b', ';'], []])
    expect((await completed(lab, ...words)).filter((word) => word.includes(';') || word === 'latest')).toEqual([])
  lab.write('data/benchbook.db', 'no store')
  expect(await completed(lab, 'show', '')).toEqual([])
  expect(await lab.refused(['completion', 'tcsh'])).toMatchInlineSnapshot(`
    "2 benchbook: completion is for bash, zsh, fish, got "tcsh"
    "
  `)
})
