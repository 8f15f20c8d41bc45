import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Price } from '../../lib/domain/price.ts'
import { paretoFront } from '../../lib/report/pareto.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

type Row = { [name: string]: string | number | boolean }
const demo = (blocks = 1) => fixture({ models: ['demo'], threads: [1], blocks, requests: 4 })
const shown = (data: PlanData) => viewOf(data).figures.filter(({ chart }) => chart === 'tradeoff')
const rowsOf = (data: PlanData) => (shown(data)[0]?.values['rows'] ?? []) as Row[]

const panels = (data: PlanData) => [...new Set(rowsOf(data).map(({ panel }) => panel))]

/** `data` with q8_0 slower than f16 and no smaller: another one is better in all. */
function withLoser(data: PlanData): PlanData {
  const isLoser = new Set(data.plan.cells.filter(({ config }) => config.quantization === 'q8_0').map(({ id }) => id))
  const trials = data.trials.map((trial) => {
    if (!isLoser.has(trial.cellId)) return trial
    const { decode_tps, perplexity } = trial.metrics
    const metrics = {
      ...trial.metrics,
      ...(decode_tps && { decode_tps: { ...decode_tps, value: 1000 } }),
      ...(perplexity && { perplexity: { ...perplexity, value: 60 } }),
      pss_peak_bytes: { value: 90 * 2 ** 20 },
    }
    return { ...trial, metrics }
  })
  return { ...data, trials }
}

test('on the front is what no other matches in all and beats in one, whichever way is better', () => {
  const better = ['higher', 'lower'] as const
  expect(
    paretoFront(
      [
        [10, 5],
        [8, 4],
        [8, 5],
        [9, 5],
        [1, 9],
      ],
      better,
    ),
  ).toEqual([true, true, false, false, false])
  expect(
    paretoFront(
      [
        [10, 5],
        [10, 5],
      ],
      better,
    ),
  ).toEqual([true, true])
  expect(paretoFront([undefined, [1, 9], undefined], better)).toEqual([false, true, false])
  expect(paretoFront([], better)).toEqual([])
})

test('speed stands against perplexity and memory, a panel each, and says that all are on the front', () => {
  const data = demo()
  expect([...new Set(rowsOf(data).map(({ panel }) => panel))]).toEqual(['perplexity', 'peak PSS, MiB'])
  expect(rowsOf(data).some((row) => row['front'] === true)).toBe(false)
  expect([shown(data)[0]?.title, shown(data)[0]?.subtitle]).toMatchInlineSnapshot(`
    [
      "q4_0: 1.98 × the speed of f16 for 0.74 % more perplexity",
      "perplexity, peak PSS (less is better) against decode: demo; all are on the front of decode, perplexity and peak PSS: no other one is as good in all of them; marks = the only launch of each, so no interval",
    ]
  `)
})

test('one that another beats has no ring, and the front is named in words and in the table', () => {
  const [figure] = shown(withLoser(demo()))
  const ringed = rowsOf(withLoser(demo())).filter((row) => row['front'] === true)
  expect(new Set(ringed.map(({ label }) => label))).toEqual(new Set(['f16', 'q4_0', 'q4_k_m']))
  expect(figure?.subtitle).toContain('ring = on the front of decode, perplexity and peak PSS: f16, q4_0, q4_k_m')
  expect(figure?.twin.rows.map((row) => row.at(-1)?.text)).toEqual([
    'on the front',
    'another is better',
    'on the front',
    'on the front',
  ])
})

test('what is invalid is hollow, takes no part and keeps nothing from the front', () => {
  const data = demo()
  const [f16] = data.plan.cells
  const invalid = [{ reason: 'contention' as const, detail: 'other load' }]
  const trials = data.trials.map((trial) => (trial.cellId === f16?.id ? { ...trial, invalid } : trial))
  const [figure] = shown({ ...data, trials })
  expect(figure?.twin.rows[0]?.at(-1)?.text).toBe('invalid')
  expect(figure?.subtitle).toContain('hollow = invalid')
})

const price: Price = { usdPerHour: 1, source: 'an offer' }
/** `data` with a price per million tokens of each trial, hardware of as many prices as `prices`. */
function priced(data: PlanData, prices: number): PlanData {
  const cells = data.plan.cells.map((cell, at) => {
    const own: Price = { ...price, usdPerHour: 1 + (Math.floor(at / 2) % prices) }
    return { ...cell, config: { ...cell.config, hardware: { ...cell.config.hardware, price: own } } }
  })
  const trials = data.trials.map((trial, at) => ({
    ...trial,
    metrics: { ...trial.metrics, usd_per_mtok: { value: 1 + 0.1 * at } },
  }))
  return { ...data, plan: { ...data.plan, cells }, trials }
}

test('what a token costs is a panel where arms pay different prices, with perplexity or without', () => {
  expect(panels(priced(demo(), 2))).toHaveLength(3)
  expect(panels(priced(demo(), 1))).toHaveLength(2)
  const speedOnly = fixture({ models: ['demo'], threads: [1], workloads: ['decode'], requests: 4 })
  expect(shown(speedOnly)).toEqual([])
  expect(shown(priced(speedOnly, 1))).toEqual([])
  expect(shown(priced(speedOnly, 2))[0]?.title).toMatchInlineSnapshot(
    `"On the front of decode, peak PSS and cost: f16, q8_0, q4_0"`,
  )
})

const long = (data: PlanData): PlanData => {
  const cells = data.plan.cells.map((cell) => {
    const quantization = `${cell.config.quantization}-of-a-very-long-kind-of-quantization`
    return { ...cell, axes: { ...cell.axes, quantization }, config: { ...cell.config, quantization } }
  })
  return { ...data, plan: { ...data.plan, cells } }
}

test('a long name stands shortened beside its mark, and whole in the table', () => {
  const names = rowsOf(long(demo())).map((row) => [row['name'], row['shown']])
  expect(names).toContainEqual(['f16-of-a-very…', true])
  expect(shown(long(demo()))[0]?.twin.rows[0]?.[0]?.text).toContain('f16-of-a-very-long-kind-of-quantization')
})
