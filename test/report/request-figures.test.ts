import { describe, expect, test } from 'vitest'
import { drawChart } from '../../lib/report/draw-chart.ts'
import { fillChart } from '../../lib/report/chart.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { RequestPass } from '../../lib/report/observed-requests.ts'
import { reportView } from '../../lib/report/report-view.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readTelemetry } from '../../lib/store/read-telemetry.ts'
import { synthesize, type Size } from '../bench/synthetic-store.ts'
import { temporaryStore } from '../store/example.ts'

const template = await loadTemplates()
const words = wordsOf(template.strings)
const digests = { store: '', templates: '' }

function dataOf(size: Partial<Size> = {}) {
  using lab = temporaryStore()
  const planId = synthesize(lab.store, { requests: 45, blocks: 2, clients: [1, 4, 16], tokens: 6, ...size })
  const data = readPlanData(lab.store, planId)
  return { ...data, telemetry: readTelemetry(lab.store, data.trials) }
}
const data = dataOf()
const figuresOf = (of: typeof data) => reportView(of, words, digests).figures
const figures = figuresOf(data)
const named = (id: string, all: readonly Figure[] = figures) => all.find((figure) => figure.id === id) as Figure
const rowsOf = (figure: Figure, kind: string) =>
  (figure.values['rows'] as { [name: string]: string | number | boolean }[]).filter((row) => row['kind'] === kind)
const told = ({ title, subtitle }: Figure) => `${title} | ${subtitle}`

test('a report draws speed, load, memory, distributions and courses of time, in this order', () => {
  expect(figures.map(({ id }) => id)).toMatchInlineSnapshot(`
    [
      "by-load-clients-output_tps-1",
      "by-load-clients-ttft_ms-1",
      "by-load-clients-tpot_ms-1",
      "pss_peak_bytes",
      "distribution-ttft_ms-1",
      "distribution-tpot_ms-1",
      "heat-map",
      "over-time-ttft_ms-1",
      "over-time-e2e_ms-1",
      "over-time-decode_tps-1",
      "launches-decode_tps-1",
      "telemetry-pss",
      "telemetry-load",
    ]
  `)
})

describe('a distribution', () => {
  test('says what is seen, how many requests there are, and which percentiles need more', () => {
    expect(told(named('distribution-ttft_ms-1'))).toMatchInlineSnapshot(
      `"q4_0 has the shortest TTFT on random-50m: half of its requests take 8.24 to 64.9 ms or less | TTFT, ms; dots = requests (n = 44 to 88 in a row); stroke = median of all of them; hollow = invalid; logarithmic axis"`,
    )
  })

  test('of three requests is three dots and a median, and nothing that three requests cannot say', () => {
    const few = named('distribution-ttft_ms-1', figuresOf(dataOf({ requests: 3, blocks: 1, clients: [1] })))
    expect(rowsOf(few, 'raw')).toHaveLength(3 * 3)
    expect(rowsOf(few, 'percentile').map((row) => row['text'])).toEqual(['', '', ''])
    expect(few.subtitle).toMatch(/; stroke = median of all of them$/)
    expect(few.reading).toContain('p90, p95, p99 only from 100, 200, 1\u202f000 requests upwards')
  })

  test('an arm has not won a setting in which another one is invalid', () => {
    const cells = new Map(data.plan.cells.map((cell) => [cell.id, cell.axes]))
    const trials = data.trials.map((trial) => {
      const axes = cells.get(trial.cellId)
      const doubtful = axes?.['load.clients'] !== 1 && axes?.['quantization'] === 'q4_0'
      return doubtful ? { ...trial, invalid: [{ reason: 'contention', detail: 'others' } as const] } : trial
    })
    const of = figuresOf({ ...data, trials })
    expect(named('distribution-ttft_ms-1', of).title).toContain('q4_0 has the shortest TTFT')
  })

  test('of many requests draws some, evenly over their order, and takes percentiles from all', () => {
    const many = dataOf({ requests: 1500, blocks: 1, clients: [1], tokens: 2 })
    const figure = named('distribution-ttft_ms-1', figuresOf(many))
    expect(rowsOf(figure, 'raw')).toHaveLength(3 * 100)
    expect(figure.reading).toContain('100 dots of a row are shown, evenly over their order by value')
    const trial = many.trials[0]
    const shown = figure.twin.rows[0]?.map(({ text }) => text.replace('\u202f', ''))
    expect(Number(shown?.[1])).toBe(1499)
    expect(Number(shown?.[8])).toBeCloseTo(trial?.metrics.ttft_ms?.p99 ?? 0, 0)
  })
})

describe('requests over time', () => {
  test('stand block after block, failed ones marked, those of invalid trials hollow', () => {
    const figure = named('over-time-ttft_ms-1')
    expect(told(figure)).toMatchInlineSnapshot(
      `"TTFT on random-50m rises within a trial: by 16 % from the first to the last third (random-50m · f16 · 1 client · decode) | TTFT, ms, of each request when it was sent; all 810 requests; × = failed; hollow = invalid; logarithmic axis"`,
    )
    expect(rowsOf(figure, 'block').map((row) => row['text'])).toEqual(
      Array.from({ length: 3 }, () => ['block 1', 'block 2']).flat(),
    )
    expect(rowsOf(figure, 'failed').every((row) => row['text'] === '×')).toBe(true)
    expect(rowsOf(figure, 'failed')).toHaveLength(18)
    expect(rowsOf(figure, 'point').some((row) => row['invalid'] === true)).toBe(true)
  })

  test('are a sample where they are too many, and say so', () => {
    const many = dataOf({ requests: 1500, blocks: 1, clients: [1], tokens: 2 })
    const { requests, ...setting } = many
    const pass = new RequestPass(setting, 5_000_000)
    for (const chunk of pass.csv([requests])) expect(chunk.length).toBeGreaterThan(0)
    const observed = pass.result()
    const drawn = () =>
      named('over-time-ttft_ms-1', reportView({ ...setting, requests: [] }, words, digests, observed).figures)
    const figure = drawn()
    expect(figure.subtitle).toMatch(/\d{3} of 4\u202f500 requests/)
    expect(figure.reading).toContain('drawn at random by a seed from every trial')
    expect((figure.values['rows'] as unknown[]).length).toBeLessThan(830)
    expect(drawn()).toEqual(figure)
  })
})

test('launches stand in the order of the plan, with the blocks marked', () => {
  const figure = named('launches-decode_tps-1')
  expect(told(figure)).toMatchInlineSnapshot(
    `"decode on random-50m holds from block to block: the last differs from the first by 4.5 % at most | decode, tokens/s, of each launch (n = 18); lines join the valid ones of a cell; hollow = invalid"`,
  )
  expect([...new Set(rowsOf(figure, 'point').map((row) => row['at']))]).toEqual([1, 4, 2, 5, 3, 6])
})

test('throughput and latencies stand against the number of clients', () => {
  const figure = named('by-load-clients-output_tps-1')
  expect(told(figure)).toMatchInlineSnapshot(
    `"q4_0 on random-50m: output at 16 clients is 2.03 × that at 1 | output, tokens/s, by clients; line and large marks = means over launches, bars = their 95 % intervals (Student’s t), small dots = launches (n = 2); hollow = invalid"`,
  )
  expect(rowsOf(figure, 'estimate').map((row) => row['at'])).toEqual([1, 4, 16, 1, 4, 16, 1, 4, 16])
  expect(figure.values['xScale']).toBe('log')
})

test('telemetry shows one launch of each arm by its rule, all of them as a band, and what was invalid', () => {
  const [memory, load] = [named('telemetry-pss'), named('telemetry-load')]
  expect([told(memory), told(load)]).toMatchInlineSnapshot(`
    [
      "Memory: random-50m · q4_0 · 16 clients · decode is at its peak of 179 MiB after 80 % of the trial | PSS, MiB; line = one launch of each arm, band = least to largest of all 2; circle = a launch that is invalid: other load",
      "What else used the machine: 0.699 cores at most, during random-50m · q8_0 · 4 clients · decode | cores kept busy by anything but the engine; line = one launch of each arm, band = least to largest of all 2; circle = a launch that is invalid: other load",
    ]
  `)
  expect(new Set(rowsOf(memory, 'line').map((row) => row['series'])).size).toBe(9)
  expect(rowsOf(load, 'flag')).toHaveLength(3)
})

test('the course of a single launch is called that, and has no band', () => {
  const memory = named('telemetry-pss', figuresOf(dataOf({ blocks: 1 })))
  expect(memory.subtitle).toBe('PSS, MiB; line = the only launch of each arm')
  expect(rowsOf(memory, 'band')).toEqual([])
})

test('the number beside a mark stands at the mark, however far its requests lie', () => {
  const figure = named('distribution-ttft_ms-1', figuresOf(dataOf({ requests: 3, blocks: 1, clients: [1] })))
  const estimates = rowsOf(figure, 'estimate')
  expect(estimates.map((row) => row['end'])).toEqual(estimates.map((row) => row['value']))
  for (const name of ['speed', 'distribution'] as const)
    expect(JSON.stringify(template.charts[name])).toContain('"field":"end"')
})

test('the number beside a bar of memory stands at the bar and its launches, however wide its interval', () => {
  const estimates = rowsOf(named('pss_peak_bytes'), 'estimate')
  const raw = rowsOf(named('pss_peak_bytes'), 'raw').map((row) => Number(row['value']))
  expect(Math.max(...estimates.map((row) => Number(row['last'])))).toBeLessThanOrEqual(Math.max(...raw))
})

test('a hollow estimate stays hollow before the bar of its interval', () => {
  for (const name of ['speed', 'distribution', 'by-number'] as const)
    expect(JSON.stringify(template.charts[name])).toContain('{"test":"datum.invalid","value":"var(--card)"}')
})

test('every chart can be drawn, its panels in the order of the plan', async () => {
  for (const figure of figures) {
    const spec = fillChart(template.charts[figure.chart], { ...figure.values, config: template.chartConfig })
    const { svg } = await drawChart(spec)
    const places = ['1 client', '4 clients', '16 clients'].map((panel) => svg.indexOf(`>${panel}<`))
    if (places.every((place) => place >= 0)) expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(svg).toContain('<path')
  }
})
