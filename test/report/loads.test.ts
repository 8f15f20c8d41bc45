import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { drawChart } from '../../lib/report/draw-chart.ts'
import { fillChart } from '../../lib/report/chart.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { hostile } from './eventful-fixture.ts'
import { calibration, loadFixture, withInvalid } from './load-fixture.ts'
import { sentenceOf, viewOf } from './view.ts'

const objectives = { ttft_scheduled_ms: 400, tpot_ms: 50 } as const
const rates = [5, 10, 20, 40, 50, 60]
const closed = loadFixture()
const open = loadFixture({ rates, objectives })
const figuresOf = (data: PlanData) => {
  const { answerFigures, figures } = viewOf(data)
  return [...answerFigures, ...figures]
}
const named = (data: PlanData, id: string) => figuresOf(data).find((figure) => figure.id === id) as Figure
const rowsOf = (figure: Figure, kind?: string) =>
  (figure.values['rows'] as { [name: string]: string | number | boolean }[]).filter(
    (row) => kind === undefined || row['kind'] === kind,
  )
const clientBusy = { reason: 'client-busy', detail: 'loop delay 3.2 ms at p99, 6 % of 52 ms' } as const

describe('the answer', () => {
  test('of clients says where more of them add waiting and hardly any output', () => {
    expect(sentenceOf(closed)).toMatchInlineSnapshot(
      `"On this emulated server, seen in 3 blocks, no verdict: *with 16 clients, rehearsal wrote 813 tokens per second in all, and half of the first tokens came within 101 ms; 64 clients got 0.998 × as many tokens and waited 19.5 × as long for the first: past 16 clients, more of them add waiting and hardly any output*."`,
    )
  })

  test('of arrivals says up to which rate the objectives were kept to', () => {
    expect(sentenceOf(open)).toMatchInlineSnapshot(
      `"On this emulated server, seen in 3 blocks, no verdict: *up to 20 requests/s, rehearsal kept to the objectives (TTFT from schedule ≤ 400 ms, TPOT ≤ 50 ms): 98 % of its requests met them there, 86 % at 40 requests/s*."`,
    )
  })

  test('finds no knee that was not reached, and claims none', () => {
    expect(sentenceOf(loadFixture({ clients: [1, 2, 4] }))).toMatchInlineSnapshot(
      `"On this emulated server, seen in 3 blocks, no verdict: *with 4 clients, rehearsal wrote 3.45 × as many tokens per second in all as with 1 client, and half of the first tokens came within 67.5 ms, 1.17 × as long; where more clients add only waiting was not reached*."`,
    )
  })

  test('of arrivals too many at the least rate already says so', () => {
    expect(sentenceOf(loadFixture({ rates: [80, 90], objectives }))).toMatchInlineSnapshot(
      `"On this emulated server, seen in 3 blocks, no verdict: *at no load did 95 % of the requests to rehearsal meet the objectives (TTFT from schedule ≤ 400 ms, TPOT ≤ 50 ms); at the least, 80 requests/s, < 0.01 % did*."`,
    )
  })

  test('of a rate that was found says by how many probes, and what came of measuring it again', () => {
    const data = loadFixture({ rates: [20], objectives })
    const cellId = data.plan.cells[0]?.id ?? ''
    const probes = [{ ratePerSecond: 20, goodput: 1, requests: 100 }]
    const found = { cellId, ratePerSecond: 20, probes }
    expect(sentenceOf({ ...data, plan: { ...data.plan, probes: [found] } })).toMatchInlineSnapshot(
      `"On this emulated server, seen in 3 blocks, no verdict: *20 requests/s is the highest rate that was found at which 95 % of the requests to rehearsal meet the objectives (TTFT from schedule ≤ 400 ms, TPOT ≤ 50 ms), by 1 probes; measured again, 98 % did*."`,
    )
    const least = { ...found, atLeast: 'client' as const }
    expect(sentenceOf({ ...data, plan: { ...data.plan, probes: [least] } })).toContain('the true knee may be higher')
    expect(named({ ...data, plan: { ...data.plan, probes: [least] } }, 'probes-1').subtitle).toContain(
      'the true knee may be higher: this client could not send faster',
    )
  })
})

describe('a page of loads', () => {
  test('does not shine where only invalid trials speak', () => {
    const none = withInvalid(closed, clientBusy, () => true)
    expect([closed, none].map((data) => viewOf(data).answer.sound)).toEqual([true, false])
  })

  test('has captions of one or two lines, and the rest in a fold', () => {
    for (const figure of [...figuresOf(withInvalid(closed, clientBusy, ({ id }) => id < 3)), ...figuresOf(open)])
      expect(figure.subtitle.length, figure.subtitle).toBeLessThan(150)
    expect(named(closed, 'load-ttft_ms-1').reading).toMatchInlineSnapshot(
      `"line and large marks = medians of all requests, small dots = medians of launches; bars reach to the highest of p90, p95, p99 that there are enough requests for; grey reaches to the worst trial: diamonds = how late the client came to what had arrived (loop delay), triangles = how late requests left (send lag), p99 of each trial; dotted = what it adds to an answer that comes at once, before the session (p99); where grey comes near to a line, the client may have made what is seen; logarithmic axis: equal steps are equal ratios."`,
    )
  })

  test('leaves no narrow figure alone beside a hole', () => {
    const { figures } = viewOf(closed)
    const wide = figures.map((figure) => figure.wide)
    expect(wide.slice(0, 6)).toEqual([false, false, false, false, true, true])
  })

  test('does not draw a server’s speed launch by launch again', () => {
    expect(figuresOf(closed).filter(({ id }) => id.startsWith('launches-'))).toEqual([])
  })
})

describe('latency against throughput', () => {
  test('is a line through the loads in their order, the knee marked, one label where marks stand together', () => {
    const rows = rowsOf(named(closed, 'load-curve-ttft_ms-1'))
    expect(rows.map((row) => row['level'])).toEqual([1, 2, 4, 8, 16, 32, 64])
    expect(rows.filter((row) => row['knee']).map((row) => row['level'])).toEqual([16])
    const tpot = rowsOf(named(closed, 'load-curve-tpot_ms-1')).map((row) => row['text'])
    expect(tpot).toContain('16: knee, 32, 64')
  })

  test('of arrivals counts the wait from their schedule', () => {
    expect(figuresOf(open).map(({ id }) => id)).toContain('load-curve-ttft_scheduled_ms-1')
  })

  test('is hollow where a cell has invalid trials only, and a knee is sought in valid ones', () => {
    const ids = new Set(closed.plan.cells.filter(({ config }) => config.load.clients >= 16).map(({ id }) => id))
    const data = withInvalid(closed, clientBusy, ({ cellId }) => ids.has(cellId))
    const rows = rowsOf(named(data, 'load-curve-ttft_ms-1'))
    expect(rows.map((row) => row['invalid'])).toEqual([false, false, false, false, true, true, true])
    expect(rows.filter((row) => row['knee']).map((row) => row['level'])).toEqual([8])
    expect(named(data, 'load-curve-ttft_ms-1').subtitle).toContain(
      'at the last load that was measured: it may lie beyond',
    )
    const none = withInvalid(closed, clientBusy, () => true)
    expect(rowsOf(named(none, 'load-curve-ttft_ms-1')).filter((row) => row['knee'])).toHaveLength(1)
    expect(sentenceOf(none)).toContain('seen in invalid trials only, no verdict')
  })
})

describe('latency by load', () => {
  test('has the client’s own error on the same axis, of every trial, and its calibration', () => {
    const figure = named(closed, 'load-ttft_ms-1')
    expect(rowsOf(figure, 'client')).toHaveLength(2 * closed.trials.length)
    expect(rowsOf(figure, 'calibration').map((row) => row['value'])).toEqual([calibration.ttftMs.p99])
    expect(figure.values['scale']).toBe('log')
    const most = Math.max(...closed.trials.map(({ client }) => client?.loopDelayMs.p99 ?? 0))
    expect(Math.max(...rowsOf(figure, 'band').map((row) => Number(row['value'])))).toBe(most)
  })

  test('of time per token has no part of sending in it', () => {
    const marks = rowsOf(named(closed, 'load-tpot_ms-1'), 'client')
    expect(new Set(marks.map((row) => row['what']))).toEqual(new Set(['loopDelayMs']))
  })

  test('takes percentiles only from as many requests as they need', () => {
    const few = named(loadFixture({ requests: 20, blocks: 1 }), 'load-ttft_ms-1')
    expect(few.reading).toContain('too few requests for percentiles above the median')
    const many = named(loadFixture({ requests: 1200, blocks: 1, clients: [1, 2] }), 'load-ttft_ms-1')
    expect(many.reading).toContain('bars reach to the p99')
  })
})

describe('goodput', () => {
  test('by rate has the line that decides and the knee', () => {
    const figure = named(open, 'goodput-1')
    expect(figure.title).toBe('rehearsal: 95\u202f% of the requests meet the objectives up to 20 requests/s')
    expect(rowsOf(figure, 'estimate').filter((row) => row['knee'])).toEqual([expect.objectContaining({ at: 20 })])
    expect(figure.values['limit']).toEqual([{ limit: 0.95, text: '95\u202f%' }])
  })

  test('is not drawn where no objective was declared', () => {
    expect(figuresOf(closed).filter(({ chart }) => chart === 'goodput')).toEqual([])
  })
})

test('every chart of a load can be drawn', async () => {
  const template = await loadTemplates()
  for (const figure of [...figuresOf(closed), ...figuresOf(open)]) {
    const spec = fillChart(template.charts[figure.chart], { ...figure.values, config: template.chartConfig })
    expect((await drawChart(spec)).svg).toContain('<path')
  }
})

test('the method tells arrivals, conversations, salt and objectives in words', () => {
  const { sentences, workloads } = viewOf(open).method
  expect(sentences.slice(1, 4)).toMatchInlineSnapshot(`
    [
      "Every launch starts an emulated server of its own, whose times are settings of the file.",
      "rehearsal was asked by one client process over connections that were open before the clock started. Each prompt began with a unique prefix, so that no prefix cache answers.",
      "A good request meets all of: TTFT from schedule ≤ 400 ms, TPOT ≤ 50 ms.",
    ]
  `)
  expect(workloads[0]?.text).toMatchInlineSnapshot(
    `"chat of 2 prompts in the model’s own chat template, exactly 32 tokens each, temperature 0, seed 42. Conversations of 1 to 2 turns: each message is sent with all that was said before, as soon as the answer before it has ended. Poisson arrivals, 5, 10, 20, 40, 50, 60 per second (seed 42), for 5 s. At most 64 are under way at once; an arrival beyond waits for a free client, which its time from schedule holds."`,
  )
})

test('a served model has a name and no digest', () => {
  const { artifacts } = viewOf(loadFixture({ kind: 'openai' })).rebuilding
  expect(artifacts.map(({ digest, facts }) => ({ digest, facts }))).toEqual([
    { digest: 'no digest: its files are known to the server alone', facts: 'served: mute' },
  ])
})

test('the matrix has no empty column, and of arrivals the wait from their schedule first', () => {
  const { columns, rows } = viewOf(open).matrix
  expect(columns.filter(({ hidden }) => !hidden).map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      "good share",
      "output",
      "TTFT from schedule",
      "TTFT",
      "TPOT",
      "errors",
    ]
  `)
  for (const { id } of columns)
    expect(rows.some(({ values }) => values.some(({ column, raw }) => column === id && raw !== ''))).toBe(true)
})

test('what a server says of itself is text, whatever it says', async () => {
  const [name = '', first] = Object.entries(closed.manifests)[0] ?? []
  const engine = first?.manifest.engine
  if (first === undefined || engine?.server === undefined) throw new Error('the fixture has a server')
  const server = { ...engine.server, model: hostile.attribute, says: { [hostile.script]: hostile.bidi } }
  const manifest = { ...first.manifest, engine: { ...engine, server } }
  const html = await renderReport(
    { ...closed, manifests: { ...closed.manifests, [name]: { ...first, manifest } } },
    { template: await loadTemplates() },
  )
  expect(html).not.toContain(hostile.script)
  expect(html).not.toContain('\u202E')
  expect(html).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('the page of a load is the same bytes each time', async () => {
  const template = await loadTemplates()
  expect(await renderReport(loadFixture(), { template })).toBe(await renderReport(loadFixture(), { template }))
})
