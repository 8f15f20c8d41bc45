import { expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { Cell } from '../../lib/domain/cell.ts'
import type { GreedyAnswer, PlanData } from '../../lib/domain/plan-data.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

/** Two arms with an engine each; `change` of the second one's backend. */
function twoEngines(change: Partial<BackendConfig> & { kind?: 'vllm' } = { kind: 'vllm' }): PlanData {
  const data = fixture({ models: ['demo'], threads: [1], blocks: 2, workloads: ['decode'] })
  const [first, second] = data.plan.cells as [Cell, Cell]
  const backend = { ...second.config.backend, ...change } as BackendConfig
  const cells = [first, { ...second, config: { ...second.config, backend } }]
  const ids = new Set(cells.map(({ id }) => id))
  const trials = data.trials.filter(({ cellId }) => ids.has(cellId))
  return { ...data, plan: { ...data.plan, cells }, trials }
}
const answers = (data: PlanData, texts: readonly (readonly [string, number])[]): GreedyAnswer[] =>
  data.plan.cells.map(({ id }, at) => {
    const [text, n] = texts[at] ?? ['', 1]
    return { cellId: id, promptId: 'p1', text, texts: n }
  })
function answered(texts: readonly (readonly [string, number])[], data = twoEngines()) {
  const { engines } = viewOf({ ...data, answers: answers(data, texts) })
  const [side, byPrompt] = engines?.blocks[0]?.tables ?? []
  return { share: side?.rows[1]?.cells[1], prompt: byPrompt?.rows[1]?.cells[0], base: byPrompt?.rows[0]?.cells[0] }
}

test('engines stand side by side with version, speed, start-up and memory; one engine has no such table', () => {
  const [side] = viewOf(twoEngines()).engines?.blocks[0]?.tables ?? []
  expect(side?.rows.map(({ cells }) => cells[0]?.text)).toEqual(['llama.cpp 3.21.1', 'vllm 3.21.1'])
  expect(side?.heads.map(({ name }) => name)).toEqual(['engine', 'TTFT', 'decode', 'load', 'peak PSS'])
  expect(viewOf(twoEngines({})).engines).toBe(undefined)
})

test('greedy answers are the same, or say from which character on they are not', () => {
  expect(
    answered([
      ['abc', 1],
      ['abc', 1],
    ]),
  ).toMatchObject({ share: { text: '1 of 1' }, prompt: { text: 'same' } })
  const other = answered([
    ['a🙂b', 1],
    ['a🙂\u202ec', 1],
  ])
  expect(other.share).toMatchObject({ text: '0 of 1', half: 'from character 3', differs: true })
  expect(other.prompt).toMatchObject({ text: 'from character 3', half: '“\\u202ec” for “b”' })
})

test('answers that differ by themselves, or are to salted prompts, are not held against others', () => {
  expect(
    answered([
      ['abc', 1],
      ['abc', 2],
    ]).prompt?.text,
  ).toBe('answers of its own differ')
  const base = answered([
    ['abc', 2],
    ['abc', 1],
  ])
  expect(base.prompt?.text).toBe('base')
  expect(base.base?.text).toBe('answers of its own differ')
  const both = answered([
    ['abc', 2],
    ['abc', 2],
  ])
  expect([both.base?.text, both.prompt?.text]).toEqual(['base', 'answers of its own differ'])
  const salted = twoEngines({ kind: 'vllm', salt: true })
  const { engines } = viewOf({ ...salted, answers: answers(salted, [['abc', 1]]).slice(0, 1) })
  expect(engines?.blocks[0]?.tables).toHaveLength(1)
})

test('the engine’s own times stand beside the client’s, and speeds more than 2 % apart are set off', () => {
  const data = twoEngines({})
  const trials = data.trials.map((trial, at) => {
    const decode_tps = { value: 100 }
    const engine_decode_tps = { value: trial.cellId === data.plan.cells[0]?.id ? 101 : 103 }
    return { ...trial, metrics: { ...trial.metrics, decode_tps, engine_decode_tps }, id: at + 1 }
  })
  const engineTimes = trials.map(({ id }) => ({ trialId: id, n: 5, ttftMs: 12, promptMs: 9.5 }))
  const [table] = viewOf({ ...data, trials, engineTimes }).engines?.client ?? []
  const texts = table?.rows.map(({ cells }) => cells.map(({ text }) => text))
  expect(texts?.[0]).toEqual(['12.0', '9.50', '2.50', '100', '101', '0.990', 'requests'])
  expect(table?.rows.map(({ cells }) => cells[5]?.differs)).toEqual([false, true])
})

test('a server’s histograms are set against means over all requests', () => {
  const data = twoEngines()
  const trials = data.trials.map((trial) => {
    const said = { server_ttft_ms: { value: 2 }, server_queue_ms: { value: 0.5 }, server_tpot_ms: { value: 0.2 } }
    return trial.cellId === data.plan.cells[1]?.id ? { ...trial, metrics: { ...trial.metrics, ...said } } : trial
  })
  const requests = data.requests.map((row) => ({ ...row, metrics: { ...row.metrics, ttft_ms: 5, tpot_ms: 0.25 } }))
  const [table] = viewOf({ ...data, trials, requests }).engines?.client ?? []
  expect(table?.rows).toHaveLength(1)
  const texts = table?.rows[0]?.cells.map(({ text }) => text)
  expect(texts).toEqual(
    ['5.00', '2.00', '0.500', '3.00', '4', '5', '0.800', '/metrics'].map((text, at) =>
      at === 4 || at === 5 ? `${text}\u202f000` : text,
    ),
  )
})
