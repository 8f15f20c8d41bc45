import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { freshId, storePlan } from './stored-plan.ts'

const experiment = `name: wide
axes: { model: [random-5m], quantization: [f16, q8_0, q4_0], backend.threads: [1, 2], workload: [decode] }
load: { requests: 1 }
repeat: { blocks: 1 }
`
const file = 'experiments/wide.yaml'
const lab = () => new CommandLine({ [file]: experiment })

const shown = (axes: Record<string, unknown>) => `${String(axes['quantization'])} ${String(axes['backend.threads'])}`

async function planned(only: readonly string[], using: CommandLine) {
  const { stdout } = await using.run(['plan', file, '--json', ...only.flatMap((one) => ['--only', one])])
  const { cells, skipped } = JSON.parse(stdout) as {
    cells: { axes: Record<string, unknown> }[]
    skipped: { axes: Record<string, unknown>; reason: string; detail: string }[]
  }
  return { cells: cells.map(({ axes }) => shown(axes)), skipped }
}

test('--only leaves the cells that match, the others are skipped with the argument', async () => {
  using line = lab()
  const { cells, skipped } = await planned(['quantization=q*', 'backend.threads=1'], line)
  expect(cells).toEqual(['q8_0 1', 'q4_0 1'])
  expect(new Set(skipped.map(({ reason, detail }) => `${reason}: ${detail}`))).toEqual(
    new Set(['excluded: --only quantization=q*', 'excluded: --only backend.threads=1']),
  )
  expect(skipped).toHaveLength(4)
})

test('several --only of one axis are alternatives, and a path that is no axis is one too', async () => {
  using line = lab()
  expect((await planned(['quantization=f16', 'quantization=q4_0', 'backend.threads=2'], line)).cells).toEqual([
    'f16 2',
    'q4_0 2',
  ])
  expect((await planned(['workload.sampling.temperature=0', 'model=random-*'], line)).cells).toHaveLength(6)
})

test('a wrong --only says what there is', async () => {
  using line = lab()
  const wrong = [
    'quantisation=q4_0',
    'quantization=q4_1',
    'backend.threadz=1',
    'f16',
    'limits.trial=1',
    'load.requests=7',
  ]
  expect(await line.refused(['plan', file, ...wrong.flatMap((one) => ['--only', one])])).toMatchInlineSnapshot(`
    "2 benchbook: --only "quantisation=q4_0": there is no axis "quantisation", did you mean "quantization"?
    --only "quantization=q4_1": no cell has such a value, did you mean "q4_0"?
    --only "backend.threadz=1": no cell has the path "backend.threadz", did you mean "backend.threads"?
    --only "f16": must be an axis and a pattern, such as --only 'quantization=q4*'
    --only "limits.trial=1": limits make no cells: name what differs between them
    --only "load.requests=7": no cell has such a value; values here: 1
    "
  `)
})

test.each([
  ['a file and --resume', ['run', file, '--resume']],
  ['a file and --retry', ['run', file, '--retry', 'failed']],
  ['--only and --resume', ['run', '--resume', '--only', 'quantization=f16']],
  ['--only and --retry', ['run', '--retry', 'failed', '--only', 'quantization=f16']],
  ['--retry of something else', ['run', '--retry', 'all']],
  ['a wrong time', ['run', file, '--max-time', '8 hours']],
])('%s is refused', async (name, args) => {
  using line = lab()
  expect(await line.refused(args)).toMatchSnapshot(name)
})

test('nothing to retry is said', async () => {
  using line = lab()
  storePlan(line.store, 'complete', { id: freshId() })
  expect(await line.run(['run', '--retry', 'failed'])).toMatchInlineSnapshot(`
    {
      "exitCode": 2,
      "stderr": "benchbook: no plan in /lab/data/benchbook.db has failed trials: there is nothing to retry
    ",
      "stdout": "",
    }
  `)
})

test('--require-clean refuses a checkout with changes, and says which', async () => {
  using line = new CommandLine({ 'experiments/quick.yaml': quick })
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', line.root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args])
  git('init', '-q')
  const args = ['run', 'experiments/quick.yaml', '--require-clean', '--max-time', '1ms']
  expect(await line.run(args)).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "benchbook: --require-clean: /lab has uncommitted changes (experiments/quick.yaml): commit them, or leave out --require-clean
    ",
      "stdout": "",
    }
  `)
  git('add', '.')
  git('commit', '-qm', 'all')
  expect(await line.run(args)).toMatchObject({ exitCode: 130 })
  expect(await line.run(args), 'the store that a run wrote is no change').toMatchObject({ exitCode: 130 })
})

test('where time is up before anything has begun, nothing is measured, and it is said how to go on', async () => {
  using line = new CommandLine({ 'experiments/quick.yaml': quick })
  const { exitCode, stdout, stderr } = await line.run(['run', 'experiments/quick.yaml', '--max-time', '1ms'])
  expect([exitCode, stdout]).toEqual([130, ''])
  expect(stderr).toMatch(/^plan [0-9a-f]{12}: 2 of 2 trials to measure$/m)
  expect(stderr).toMatch(/^the time of --max-time is up: finishing the current trial$/m)
  expect(stderr).toMatch(/^interrupted; go on with: benchbook run --resume [0-9a-f]{12}$/m)
  const [row] = JSON.parse((await line.run(['list', '--json'])).stdout).plans
  expect(row).toMatchObject({ session: 'interrupted', dead: false, trials: { pending: 2 } })
})

test('to keep going leaves out a file that is wrong, and says so; where none is left that is the error', async () => {
  using line = new CommandLine({ 'experiments/quick.yaml': quick, 'experiments/wrong.yaml': 'name: x\naxis: {}\n' })
  const files = ['experiments/wrong.yaml', 'experiments/quick.yaml']
  expect(await line.run(['run', ...files, '--max-time', '1ms'])).toMatchObject({ exitCode: 2 })
  const kept = await line.run(['run', ...files, '--max-time', '1ms', '--keep-going'])
  expect(kept.exitCode).toBe(130)
  expect(kept.stderr).toContain('left out: experiments/wrong.yaml:2:1: unknown key "axis"')
  expect(await line.refused(['run', 'experiments/wrong.yaml', '--keep-going'])).toMatch(/^2 benchbook: /)
})
