import { expect, test } from 'vitest'
import { planText } from '../../lib/cli/plan-command.ts'
import type { Plan } from '../../lib/domain/plan.ts'
import { examplePlan } from '../store/example.ts'
import { CommandLine } from './command-line.ts'

const file = `
name: x
axes: { model: [m], quantization: [f16], backend: [server], hardware: [local] }
models: { m: { artifacts: { f16: { served: m } } } }
backends: { server: { kind: openai, url: "http://127.0.0.1:9" } }
workload: { kind: completion, prompts: [Hello], sampling: { maxTokens: 4 } }
load: { kind: poisson, ratePerSecond: auto, requests: 50 }
objectives: { ttft_scheduled_ms: 100 }
`

/** The example with one cell at a rate, found so. */
function found(): Plan {
  const plan = examplePlan()
  const cells = plan.cells.slice(0, 1).map((cell) => ({
    ...cell,
    config: {
      ...cell.config,
      load: { kind: 'poisson', ratePerSecond: 43, clients: 64, seed: 1, requests: 50 } as const,
    },
  }))
  const probes = [
    { ratePerSecond: 16, goodput: 1, requests: 160, ttftMs: 12.345, tpotMs: 3.2 },
    { ratePerSecond: 64, goodput: 0.421, requests: 20, invalid: 'p99 send lag 9 ms\u001b[2J' },
    { ratePerSecond: 43.4, goodput: 0.9711, requests: 434 },
  ]
  const search = { cellId: cells[0]?.id as string, ratePerSecond: 43, probes, atLeast: 'client' as const }
  return { ...plan, cells, skipped: [], probes: [search] }
}

test('a plan whose rate is not found yet says when it will be, and looks for nothing by itself', async () => {
  using lab = new CommandLine({ 'experiments/x.yaml': file })
  for (const args of [
    ['plan', 'experiments/x.yaml'],
    ['run', 'experiments/x.yaml', '--dry-run'],
  ]) {
    const { stdout, stderr } = await lab.run(args)
    expect(stderr).toBe('')
    expect(stdout).toContain(
      'the rate of 1 cell is found by probing when it runs, some minutes each (--probe finds them now)\n',
    )
    expect(stdout).toContain('poisson at the knee')
  }
})

test('a plan shows how its rates were found', () => {
  expect(planText(found())).toMatchInlineSnapshot(`
    "A quick look
    1 cell, 2 blocks: 12 trials in 4 launches
    how long it takes is not known before some of it has run: --blocks 1 runs one block
    the knee of demo · f16 · chat: 43/s or more: this client could not send faster
      16/s: 100 % good of 160 requests, TTFT 12.3 ms, TPOT 3.2 ms
      64/s: 42.1 % good of 20 requests (invalid: p99 send lag 9 ms\\u{1b}[2J)
      43.4/s: 97.1 % good of 434 requests

    model  quantization  workload  load          cell
    demo   f16           chat      poisson 43/s  f16-chat0000
    "
  `)
})

test('a plan of cells at rates of their own says that their latencies are not those of one load', () => {
  const plan = found()
  const [search] = plan.probes ?? []
  const other = { cellId: 'gone', ratePerSecond: 20, probes: [] }
  const text = planText({ ...plan, probes: [search as NonNullable<typeof search>, other] })
  expect(text).toContain('the knee of gone: 20/s\neach cell has a rate of its own: compare the rates')
  expect(planText(plan)).not.toContain('of its own')
})

test('where a load is closed it is an axis or nothing', () => {
  expect(planText(examplePlan())).not.toMatch(/ load /)
})
