import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { fixture } from './fixture.ts'
import { sentenceOf, viewOf } from './view.ts'

/** One arm, a chat with one client and with four: those with more threads of the fixture stand in for them. */
function chats(): PlanData {
  const data = fixture({ models: ['demo'], workloads: ['decode'], threads: [1, 2] })
  const kept = data.plan.cells.filter(({ config }) => config.quantization === 'q8_0')
  const cells = kept.map((cell, index) => {
    const clients = [1, 4][index] as number
    const { backend: _, ...config } = cell.config
    const [first] = kept
    const axes = { model: 'demo', quantization: 'q8_0', 'load.clients': clients, workload: 'chat' }
    const chat = { ...config.workload, kind: 'chat', system: 'Be brief.', name: 'chat' } as typeof config.workload
    return {
      ...cell,
      axes,
      arm: first?.arm ?? '',
      config: {
        ...config,
        backend: first?.config.backend ?? cell.config.backend,
        workload: chat,
        load: { kind: 'closed' as const, clients, durationMs: 8000 },
      },
    }
  })
  const ids = new Set(cells.map(({ id }) => id))
  const trials = data.trials
    .filter(({ cellId }) => ids.has(cellId))
    .map((trial) => {
      const clients = cells.find(({ id }) => id === trial.cellId)?.config.load.clients ?? 1
      const { prefill_tps: _, ...metrics } = trial.metrics
      const output_tps = { value: clients === 1 ? 300 : 450 }
      const ttft_ms = { value: clients === 1 ? 50 : 100, n: 5 }
      return {
        ...trial,
        metrics: { ...metrics, output_tps, ttft_ms, ...(clients === 1 && { prefill_tps: { value: 900 } }) },
      }
    })
  return { ...data, plan: { ...data.plan, cells }, trials }
}

test('with nothing but clients varied, the answer says what more of them do', () => {
  expect(sentenceOf(chats())).toBe(
    'Seen once, no verdict: *with 4 clients, demo · q8_0 wrote 1.50 × as many tokens per second in all as with 1 client, and a first token took 2.00 × as long*.',
  )
})

test('the chart beside it shows that, by the number of clients', () => {
  expect(viewOf(chats()).answerFigures.map(({ title }) => title)).toEqual([
    'q8_0 on demo: output at 4 clients is 1.50 × that at 1',
  ])
})

function memory(data: PlanData): string | undefined {
  return viewOf(data).figures.find(({ chart }) => chart === 'memory')?.subtitle
}

test('memory speaks of other settings only where it leaves some out', () => {
  expect(memory(chats())).toContain('other settings stand in the matrix')
  expect(memory(fixture({ threads: [1] }))).not.toContain('other settings')
})

test('numbers of clients that no two cells share a setting for make no line and no chart', () => {
  const data = chats()
  const cells = data.plan.cells.map((cell, index) => ({
    ...cell,
    arm: String(index),
    axes: { ...cell.axes, 'backend.batchSize': index },
  }))
  const { figures, answerFigures } = viewOf({ ...data, plan: { ...data.plan, cells } })
  expect([...answerFigures, ...figures].filter(({ chart }) => chart === 'by-number')).toEqual([])
})

test('the matrix shows first what all clients get and what each of them waits for', () => {
  const { columns } = viewOf(chats()).matrix
  const shown = columns.filter(({ hidden }) => !hidden).map(({ id }) => id)
  expect(shown.slice(0, 3)).toEqual(['chat-output_tps', 'chat-ttft_ms', 'chat-tpot_ms'])
})

test('a counter that the engine keeps for all clients together is missing for that reason', () => {
  const { rows } = viewOf(chats()).matrix
  const values = rows.map((row) => row.values.find(({ column }) => column === 'chat-prefill_tps'))
  expect(values.map((value) => value?.title)).toEqual([
    expect.stringContaining('prefill_tps of'),
    'the engine counts for all clients together',
  ])
})

test('the method tells a chat, its system and its duration', () => {
  const texts = viewOf(chats()).method.workloads.map(({ text }) => text)
  expect(texts).toEqual([
    'chat of 1 prompt in the model’s own chat template, exactly 128 tokens each, temperature 0, seed 42. The system’s message: Be brief. Closed loop: 1, 4 clients for 8 s from the first measured send; what is in flight then is cut off: its tokens up to there count in rates, and nothing else of it.',
  ])
})
