import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Price } from '../../lib/domain/price.ts'
import { perUsd, usdPerMtok } from '../../lib/measure/cost.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { fixture } from './fixture.ts'
import { bindingsOf } from './post-of.ts'
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
const costsIn = (data: PlanData) => viewOf(data).method.costs
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
    {
      "meetings": [
        {
          "cheaper": "demo · machine-1 · decode",
          "hours": "0.9",
          "mtok": "10.0",
          "other": "demo · machine-2 · decode",
        },
      ],
      "prices": [
        {
          "hardware": "machine-1",
          "source": "the shop, 2026-11-20",
          "text": "US$1 200 over 2 years, 24 hours in use each day, and 100 watts while in use at US$0.3 per kilowatt-hour",
        },
        {
          "hardware": "machine-2",
          "source": "a list",
          "text": "US$3.66 for each hour in use",
        },
      ],
    }
  `)
  const [unspread, api]: Price[] = [
    { usd: 80, source: '<b>me</b>' },
    { usdPerMtok: 0.6, source: 'the API' },
  ]
  expect(costsIn(priced([unspread, api]))).toMatchInlineSnapshot(`
    {
      "meetings": [],
      "prices": [
        {
          "hardware": "machine-1",
          "source": "<b>me</b>",
          "text": "US$80; over how many years that is spread is not stated, so what a token costs is not known",
        },
        {
          "hardware": "machine-2",
          "source": "the API",
          "text": "US$0.6 for a million output tokens, however fast they come",
        },
      ],
    }
  `)
  expect(costsIn(priced([{ usd: 100, years: 1, source: 'me' }, api]))?.meetings).toMatchInlineSnapshot(`
    [
      {
        "cheaper": "demo · machine-1 · decode",
        "hours": "1.3",
        "mtok": "13.9",
        "other": "demo · machine-2 · decode",
      },
    ]
  `)
  expect(costsIn(priced([{ usd: 1, years: 1, source: 'me' }, api]))?.meetings[0]?.hours).toBe('< 0.1')
  const same: Price = { usdPerHour: 1, source: 'a list' }
  expect(costsIn(priced([same, same]))?.meetings).toMatchInlineSnapshot(`
    [
      {
        "cheaper": "demo · machine-2 · decode",
        "hours": "any",
        "mtok": "any",
        "other": "demo · machine-1 · decode",
      },
    ]
  `)
  expect(costsIn(priced([undefined, undefined]))).toBeUndefined()
})

const tables = (prices: readonly (Price | undefined)[]) =>
  bindingsOf(priced(prices))
    .table({ words: ['costs'], options: {} })
    .map(({ title, head, rows }) => [title, ...[head, ...rows].map((row) => row.map(({ text }) => text).join(' | '))])

test('a post has prices and break-even as tables, and nothing where nothing has a price', () => {
  expect(tables([own, { usdPerHour: 3.66, source: 'a list' }])).toMatchInlineSnapshot(`
    [
      [
        "Prices",
        "hardware | price | source",
        "machine-1 | US$1 200 over 2 years, 24 hours in use each day, and 100 watts while in use at US$0.3 per kilowatt-hour | the shop, 2026-11-20",
        "machine-2 | US$3.66 for each hour in use | a list",
      ],
      [
        "From how much use on which is cheaper",
        "cheaper | than | from, million tokens a month | in use, hours a day",
        "demo · machine-1 · decode | demo · machine-2 · decode | 10.0 | 0.9",
      ],
    ]
  `)
  expect(tables([undefined, undefined])).toEqual([])
})

test('what somebody calls a source is text in the page', async () => {
  const page = await renderReport(priced([{ usd: 80, source: '<b>me</b>' }, undefined]), {
    template: await loadTemplates(),
  })
  expect(page).toContain('(&lt;b&gt;me&lt;/b&gt;)')
})
