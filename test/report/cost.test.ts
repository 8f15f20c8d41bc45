import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Price } from '../../lib/domain/price.ts'
import { perUsd, usdPerMtok } from '../../lib/measure/cost.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

/** The demo model at F16 on two pieces of hardware with these prices, the second twice as fast as the first. */
function priced(prices: readonly (Price | undefined)[]): PlanData {
  const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'] })
  const [one] = data.plan.cells as [Cell]
  const cells = prices.map((price, index): Cell => {
    const name = `machine-${index + 1}`
    const axes = { ...one.axes, hardware: name }
    const hardware = { ...one.config.hardware, name, ...(price !== undefined && { price }) }
    return {
      ...one,
      id: name.padEnd(64, '0'),
      axes,
      arm: JSON.stringify(axes),
      config: { ...one.config, hardware },
    }
  })
  const trials = cells.map((cell, index) => {
    const { price } = cell.config.hardware
    const rate = 100 * (index + 1)
    const [cost, each] = price === undefined ? [] : [usdPerMtok(price, rate), perUsd(price, rate)]
    const metrics = {
      output_tps: { value: rate },
      ...(cost !== undefined && { usd_per_mtok: { value: cost } }),
      ...(each !== undefined && { per_usd: { value: each } }),
    }
    return {
      id: index + 1,
      launchId: index + 1,
      cellId: cell.id,
      block: 0,
      status: 'ok' as const,
      invalid: [],
      metrics,
    }
  })
  const launches = cells.map((cell, index) => ({ ...data.launches[0], id: index + 1, ordinal: index, arm: cell.arm }))
  const planned = cells.map((cell) => ({ ...data.plan.launches[0], arm: cell.arm, cellIds: [cell.id] }))
  return {
    ...data,
    plan: { ...data.plan, cells, launches: planned as PlanData['plan']['launches'] },
    launches: launches as PlanData['launches'],
    trials,
    requests: [],
  }
}

const own: Price = { usd: 1200, years: 2, watts: 100, usdPerKwh: 0.3, source: 'the shop, 2026-11-20' }
const costsIn = (data: PlanData) => viewOf(data).method.sentences.filter((sentence) => /US\$|cheaper/.test(sentence))
const columnsIn = (data: PlanData) =>
  viewOf(data)
    .matrix.columns.filter(({ hidden }) => !hidden)
    .map(({ name, unit }) => `${name} ${unit}`)

test('where hardware has a price, the matrix shows what output costs and what a dollar buys', () => {
  const data = priced([own, { usdPerHour: 1.21, source: 'a list' }])
  expect(columnsIn(data)).toEqual(expect.arrayContaining(['cost USD/Mtok', 'output per USD tokens/s/USD']))
  const { matrix } = viewOf(data)
  const texts = matrix.rows.map(({ values }) =>
    values.filter(({ column }) => /usd/.test(column)).map(({ text, title }) => (text === '–' ? title : text)),
  )
  expect(texts).toEqual([
    ['0.274', '0.0833'], // 1200 / 17520 h + 0.03 = 0.0985 an hour, for 0.36 million tokens
    ['1.68', 'what its hardware costs does not tell it'], // 1.21 for 0.72 million tokens
  ])
  expect(columnsIn(priced([undefined, undefined])).join()).not.toContain('USD')
})

test('the method names each price with its source, and from how much use on which is cheaper', () => {
  expect(costsIn(priced([own, { usdPerHour: 3.66, source: 'a list' }]))).toMatchInlineSnapshot(`
    [
      "machine-1 cost US$1200 (the shop, 2026-11-20), spread over 2 years with 24 hours in use each day. Its energy is 100 watts while in use at US$0.3 per kilowatt-hour.",
      "machine-2 costs US$3.66 for each hour in use (a list).",
      "At the rates measured here demo · machine-1 · decode is cheaper than demo · machine-2 · decode from 10.0 million tokens a month on (0.91 hours in use each day); what was bought costs its part of the price each month, used or not.",
    ]
  `)
  expect(
    costsIn(
      priced([
        { usd: 80, source: '<b>me</b>' },
        { usdPerMtok: 0.6, source: 'the API' },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "machine-1 cost US$80 (<b>me</b>); over how many years that is spread is not stated, so what a token costs is not known.",
      "machine-2 costs US$0.6 for a million output tokens, however fast they come (the API).",
    ]
  `)
  expect(
    costsIn(
      priced([
        { usd: 100, years: 1, source: 'me' },
        { usdPerMtok: 0.6, source: 'the API' },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "machine-1 cost US$100 (me), spread over 1 year with 24 hours in use each day. Its energy is not counted.",
      "machine-2 costs US$0.6 for a million output tokens, however fast they come (the API).",
      "At the rates measured here demo · machine-1 · decode is cheaper than demo · machine-2 · decode from 13.9 million tokens a month on (1.3 hours in use each day); what was bought costs its part of the price each month, used or not.",
    ]
  `)
  expect(
    costsIn(
      priced([
        { usdPerHour: 1, source: 'a list' },
        { usdPerHour: 1, source: 'a list' },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "machine-1 costs US$1 for each hour in use (a list).",
      "machine-2 costs US$1 for each hour in use (a list).",
      "At the rates measured here demo · machine-2 · decode is cheaper than demo · machine-1 · decode however much they are used.",
    ]
  `)
  expect(costsIn(priced([undefined, undefined]))).toEqual([])
})
