import { expect, test } from 'vitest'
import type { PlanData, RequestRow } from '../../lib/domain/plan-data.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

const small = { models: ['demo'], threads: [1], blocks: 2, requests: 4 } as const

/** The fixture with its requests asked by turns of `ids`, each `change` of them as said. */
function asked(ids: readonly string[], change: (row: RequestRow) => Partial<RequestRow> = () => ({})): PlanData {
  const data = fixture(small)
  const cells = data.plan.cells.map((cell) => {
    const { workload } = cell.config
    const prompts = ids.map((id) => ({ id, text: `<b>${id}</b>` }))
    return workload.kind === 'completion'
      ? { ...cell, config: { ...cell.config, workload: { ...workload, prompts } } }
      : cell
  })
  const requests = data.requests.map((row) => {
    if (row.part !== 'completion') return row
    const prompt = { ...row, promptId: ids[row.index % ids.length] ?? '' }
    const { ttft_ms, tpot_ms } = row.metrics
    const e2e_ms = prompt.promptId === 'long' ? 2000 : 1000
    const metrics = { ...(ttft_ms && { ttft_ms }), ...(tpot_ms && { tpot_ms }), e2e_ms, request_tps: 128_000 / e2e_ms }
    return { ...prompt, metrics, ...change({ ...prompt, metrics }) }
  })
  return { ...data, plan: { ...data.plan, cells }, requests }
}
const textsOf = (data: PlanData, table: number) =>
  viewOf(data).prompts[0]?.tables[table]?.rows.map(({ cells }) => cells.map(({ text }) => text))

test('time and speed stand by prompt, in the order of the file, with the perplexity of the same arm beside speed', () => {
  const { prompts } = viewOf(asked(['short', 'long']))
  expect(prompts.map(({ tables }) => tables.map(({ title }) => title))).toEqual([['Time', 'Speed', 'Memory']])
  const [time, speed] = prompts[0]?.tables ?? []
  expect(time?.heads.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['short s', 'long s', 'all prompts s'])
  expect(time?.rows[0]?.cells.map(({ text }) => text)).toEqual(['1.00', '2.00', '3.00'])
  expect(speed?.heads.map(({ name }) => name)).toEqual(['short', 'long', 'all prompts', 'perplexity'])
  expect(speed?.rows[0]?.cells.map(({ text }) => text)).toEqual(['128', '64.0', '85.3', '54.24'])
  expect(speed?.rows[0]?.cells[0]?.title).toBe('2 launches')
  const hrefs = speed?.rows[0]?.cells.map(({ href }) => href)
  expect(new Set(hrefs?.slice(0, 3))).toEqual(new Set(['#cell-1']))
  expect(hrefs?.[3]).not.toBe('#cell-1')
})

test('the best of a column is marked where intervals tell it from others', () => {
  const data = asked(['short', 'long'])
  const [f16, q8] = data.plan.cells.filter(({ config }) => config.workload.kind === 'completion')
  const trials = new Map(data.trials.map(({ id, cellId }) => [id, cellId]))
  const requests = data.requests.map((row) => {
    const own = row.promptId === 'short' && trials.get(row.trialId) === q8?.id
    return own ? { ...row, metrics: { ...row.metrics, e2e_ms: 500 } } : row
  })
  const [time] = viewOf({ ...data, requests }).prompts[0]?.tables ?? []
  expect(f16).toBeDefined()
  expect(time?.rows.map(({ cells }) => cells.map(({ best }) => best))).toEqual([
    [false, false, false],
    [true, false, true],
    [false, false, false],
    [false, false, false],
  ])
})

test('answers of one length are said to be; where lengths differ they have a table', () => {
  const even = viewOf(asked(['short', 'long'])).prompts[0]
  expect(even).toMatchObject({ equal: true, lengths: 'Every answer is 128 tokens long: times compare speed alone.' })
  const byPrompt = asked(['short', 'long'], ({ promptId }) => ({ outputTokens: promptId === 'long' ? 90 : 40 }))
  expect(viewOf(byPrompt).prompts[0]?.equal).toBe(true)
  expect(textsOf(byPrompt, 2)?.[0]).toEqual(['40', '90'])
  const uneven = asked(['short', 'long'], ({ trialId }) => ({ outputTokens: 40 + trialId }))
  expect(viewOf(uneven).prompts[0]).toMatchObject({ equal: false })
  expect(textsOf(uneven, 2)?.[0]?.[0]).toMatch(/^\d+ to \d+$/)
})

test('a prompt that failed is a dash with its reason', () => {
  const failed = { status: 'failed', reason: 'stall', metrics: {} } as const
  const data = asked(['short', 'long'], ({ promptId }) => (promptId === 'long' ? failed : {}))
  const cell = viewOf(data).prompts[0]?.tables[0]?.rows[0]?.cells[1]
  expect(cell).toMatchObject({ text: '–', title: '4 of 4 requests failed', best: false })
})

test('of all prompts speed is all tokens by all time, not a mean of rates; without one of them there is none', () => {
  const data = asked(['short', 'long'], (row) => {
    const e2e_ms = row.promptId === 'long' ? 9000 : 1000
    return { metrics: { ...row.metrics, e2e_ms, request_tps: row.promptId === 'long' ? 20 : 100 } }
  })
  // 280 tokens in 10 s, not the 60 of a mean of rates.
  expect(textsOf(data, 0)?.[0]).toEqual(['1.00', '9.00', '10.0'])
  expect(textsOf(data, 1)?.[0]?.slice(0, 3)).toEqual(['100', '20.0', '28.0'])
  const failed = { status: 'failed', reason: 'stall', metrics: {} } as const
  const partly = asked(['short', 'long'], ({ promptId }) => (promptId === 'long' ? failed : {}))
  const last = viewOf(partly).prompts[0]?.tables[0]?.rows[0]?.cells[2]
  expect(last).toMatchObject({ text: '–', title: 'not every prompt was answered', gap: true })
})

test('RSS stands beside PSS where that could not be read of every arm', () => {
  const data = asked(['short', 'long'])
  const [first] = data.plan.cells
  const trials = data.trials.map((trial) => {
    const { pss_peak_bytes: _, ...metrics } = trial.metrics
    return trial.cellId === first?.id
      ? { ...trial, metrics: { ...metrics, rss_peak_bytes: { value: 2 ** 27 } } }
      : trial
  })
  const memory = viewOf({ ...data, trials }).prompts[0]?.tables[2]
  expect(memory?.heads.map(({ name }) => name).slice(0, 2)).toEqual(['peak PSS', 'peak RSS'])
  expect(memory?.rows[0]?.cells.slice(0, 2).map(({ text }) => text)).toEqual(['–', '128'])
})

test('with one prompt, more than a handful, or one arm there is nothing to tell by prompt', () => {
  expect(viewOf(asked(['short'])).prompts).toEqual([])
  const many = Array.from({ length: 9 }, (_, n) => `p${n}`)
  expect(viewOf(asked(many)).prompts).toEqual([])
  const data = asked(['short', 'long'])
  const [one] = data.plan.cells
  const plan = { ...data.plan, cells: data.plan.cells.filter(({ arm }) => arm === one?.arm) }
  expect(viewOf({ ...data, plan }).prompts).toEqual([])
})

test('an id that would hide or reorder what it stands in is made visible, and its figures are found', () => {
  const data = asked(['short', 'lo\u202eng'])
  const [time] = viewOf(data).prompts[0]?.tables ?? []
  expect(time?.heads[1]?.name).toBe('lo\\u202eng')
  expect(time?.rows[0]?.cells[1]?.text).toBe('1.00')
})
