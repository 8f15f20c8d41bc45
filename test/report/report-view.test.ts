import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { viewOf } from './view.ts'
import { embedded } from '../embedded.ts'

const texts = (data: PlanData) =>
  viewOf(data).matrix.rows.map((row) =>
    [
      row.name,
      ...row.axes.map((axis) => axis.text),
      ...row.values.filter((value) => !value.hidden).map((value) => value.text),
    ].join(' | '),
  )

describe('the matrix', () => {
  test('has a row per cell, workloads of one arm joined', () => {
    expect(viewOf(fixture()).matrix.rows).toHaveLength(14)
    expect(texts(fixture({ models: ['demo'] }))).toMatchInlineSnapshot(`
      [
        "f16 | 1 | 2 742 | 0.328 | 49.9 | 170 | 54.24",
        "f16 | 2 | 4 461 | 0.202 | 51.3 | 185 | –",
        "q8_0 | 1 | 3 964 | 0.227 | 46.1 | 181 | 54.25",
        "q8_0 | 2 | 6 623 | 0.136 | 47.5 | 181 | –",
        "q4_0 | 1 | 5 424 | 0.166 | 44.0 | 182 | 54.65",
        "q4_0 | 2 | 8 792 | 0.102 | 45.5 | 185 | –",
        "q4_k_m | 1 | 5 075 | 0.177 | 44.2 | 177 | 54.35",
        "q4_k_m | 2 | 8 460 | 0.106 | 45.7 | 184 | –",
      ]
    `)
  })

  test('of perplexity alone shows what is saved beside what it costs', () => {
    const { columns } = viewOf(fixture({ models: ['demo'], workloads: ['quality'] })).matrix
    expect(columns.filter(({ hidden }) => !hidden).map(({ id }) => id)).toEqual([
      'perplexity-perplexity',
      'perplexity-model_bytes',
      'perplexity-effective_bpw',
      'perplexity-pss_peak_bytes',
    ])
  })

  test('of nothing but failures says of each cell why it has no number', () => {
    const none = withTrials(fixture(), () => true, { status: 'failed', reason: 'out-of-memory', metrics: {} })
    const { matrix, method } = viewOf(none)
    const titles = matrix.rows.flatMap(({ values }) => values.filter(({ hidden }) => !hidden).map(({ title }) => title))
    expect(titles).toContain('failed: out of memory')
    expect(method.definitions.map(({ metric }) => metric)).toEqual(['decode_tps', 'perplexity'])
  })

  test('carries the number that the views give, beside the one that is shown', () => {
    const data = fixture({ blocks: 3 })
    const [row] = viewOf(data).matrix.rows
    const speeds = data.trials
      .filter((trial) => trial.cellId === data.plan.cells[0]?.id)
      .map((trial) => trial.metrics.decode_tps?.value ?? 0)
    const geometric = Math.exp(speeds.reduce((sum, speed) => sum + Math.log(speed), 0) / speeds.length)
    expect(Number(row?.values[0]?.raw)).toBeCloseTo(geometric, 9)
    expect(Number(row?.values[0]?.text.replace('\u202f', ''))).toBeCloseTo(geometric, 0)
  })

  test('says of what is missing why', () => {
    const { rows } = viewOf(eventfulFixture()).matrix
    const missing = rows.flatMap((row) =>
      row.values.filter((value) => value.raw === '' && !value.hidden).map((value) => value.title),
    )
    expect([...new Set(missing)]).toMatchInlineSnapshot(`
      [
        "the experiment has no perplexity cell here",
        "failed: crashed",
      ]
    `)
  })

  test('marks what only invalid trials say, and draws its points hollow', () => {
    const doubtful = viewOf(eventfulFixture()).matrix.rows.flatMap((row) => row.values.filter((value) => !value.valid))
    expect(doubtful.length).toBeGreaterThan(0)
    expect(doubtful[0]?.strip).toContain('fill="none"')
    expect(viewOf(eventfulFixture()).matrix.note).toContain('Slanted: from invalid trials only.')
    expect(viewOf(fixture()).matrix.note).not.toContain('Slanted')
  })

  test('links every number to a cell that is in the page', () => {
    const { matrix, samples } = viewOf(eventfulFixture())
    const anchors = samples.map((cell) => `#${cell.anchor}`)
    const links = matrix.rows.flatMap((row) => row.values.flatMap((value) => (value.href === '' ? [] : [value.href])))
    expect(links.filter((link) => !anchors.includes(link))).toEqual([])
  })

  test('links every metric to a definition that is in the page', () => {
    const { matrix, method } = viewOf(eventfulFixture())
    const definitions = method.definitions.map((definition) => `#metric-${definition.metric}`)
    expect(matrix.columns.map((column) => column.href).filter((href) => !definitions.includes(href))).toEqual([])
  })

  test('stands RSS in for a PSS that could not be read', () => {
    const data = fixture({ models: ['demo'] })
    const blind = { ...data, trials: data.trials.map((trial) => ({ ...trial, metrics: withoutPss(trial.metrics) })) }
    const shown = viewOf(blind)
      .matrix.columns.filter((column) => !column.hidden)
      .map((column) => column.name)
    expect(shown).toContain('peak RSS')
    expect(
      viewOf(blind)
        .figures.filter(({ chart }) => chart === 'memory')
        .map(({ metric }) => metric),
    ).toEqual(['rss_peak_bytes'])
    expect(viewOf(blind).warnings.map((warning) => warning.says)).toContain('No peak PSS: 12 of 12 trials.')
  })
})

function withoutPss(metrics: PlanData['trials'][number]['metrics']) {
  return Object.fromEntries(Object.entries(metrics).filter(([metric]) => !metric.startsWith('pss')))
}

describe('samples', () => {
  test('list every trial with the query that gives its requests', () => {
    const { samples } = viewOf(eventfulFixture())
    expect(samples.flatMap((cell) => cell.trials).map((trial) => trial.query)[4]).toBe(
      'benchbook query "SELECT * FROM v_request WHERE trial_id = 5"',
    )
  })

  test('list 40 requests of a trial and say how many more there are', () => {
    const data = fixture({ models: ['random-50m'], threads: [1], requests: 100 })
    const [trial] = viewOf(data).samples[0]?.trials ?? []
    expect(trial?.requests).toHaveLength(40)
    expect(trial?.more).toBe('… and 61 more requests; the query below has them')
  })

  test('carry the error that a perplexity has', () => {
    const perplexity = viewOf(fixture())
      .samples.flatMap((cell) => cell.metrics)
      .find((metric) => metric.metric === 'perplexity')
    expect(perplexity?.spread).toBe('6120 tokens scored, standard error 1.02, 95\u202f% over windows 50.84 to 57.84')
  })
})

test('skipped and failed cells stand with their reasons and logs', () => {
  const { gaps } = viewOf(eventfulFixture())
  expect(gaps.failed.map(({ name, reason }) => `${name}: ${reason}`)).toMatchInlineSnapshot(`
    [
      "demo · q4_k_m · 2 threads · decode · trial 12, block 1: crashed",
    ]
  `)
  expect(gaps.failed[0]?.logTail).toContain('GGML_ASSERT')
  expect(gaps.skipped.map(({ names, reason, detail }) => `${names.join(', ')}: ${reason}, ${detail}`))
    .toMatchInlineSnapshot(`
    [
      "random-50m · q4_k_m · 1 thread: format not supported, generated weights have no q4_k_m a\\u0000b\\u001b[31mred",
    ]
  `)
})

test('manifests show what is common once, and what differs by arm', () => {
  const { machines } = viewOf(fixture({ models: ['demo'], threads: [1, 2] }))
  expect(machines.fields).toMatchInlineSnapshot(`
    [
      {
        "group": "engine.",
        "name": "threads",
      },
      {
        "group": "engine.artifact.",
        "name": "digest",
      },
    ]
  `)
  expect(machines.common.find((fact) => fact.field === 'host.cpu')?.text).toBe('AMD EPYC 7B13')
  expect(machines.conditions.map(({ field, text }) => `${field}: ${text}`)).toMatchInlineSnapshot(`
    [
      "freeMemoryBytes: 5.69 GiB to 5.70 GiB",
      "loadAverage: 0.21 to 0.42",
    ]
  `)
})

test('an axis is logarithmic from a range of 30 upwards, and says so', () => {
  const data = withTrials(
    fixture({ models: ['random-50m'], threads: [1] }),
    (_, cell) => cell.config.quantization === 'q4_0',
    {
      metrics: { decode_tps: { value: 9000 } },
    },
  )
  const [figure] = viewOf(data).answerFigures
  expect(figure?.values['scale']).toBe('log')
  expect(figure?.subtitle).toContain('logarithmic axis')
})

test('skipped cells of one reason stand together', () => {
  const data = eventfulFixture()
  const skipped = [1, 2].map((threads) => ({
    axes: { model: 'demo', 'backend.threads': threads },
    reason: 'excluded' as const,
    detail: 'exclude.0',
  }))
  expect(viewOf({ ...data, plan: { ...data.plan, skipped } }).gaps.skipped).toEqual([
    { reason: 'excluded', detail: 'exclude.0', names: ['demo · 1 thread', 'demo · 2 threads'] },
  ])
})

test('a title rests on valid trials where there are any, and on no setting in which an arm has none', () => {
  const clean = fixture({ models: ['random-50m'], threads: [1, 2] })
  const data = withTrials(
    clean,
    (_, cell) => embedded(cell.config).threads === 2 && cell.config.quantization === 'q4_0',
    {
      metrics: { decode_tps: { value: 1 } },
      invalid: [{ reason: 'contention', detail: '' }],
    },
  )
  expect(viewOf(data).answerFigures[0]?.title).toMatch(
    /^q4_0 decodes fastest on random-50m: [\d.]+ × f16 \(invalid ones left out\)$/,
  )
  const both = withTrials(data, (_, cell) => embedded(cell.config).threads === 2, {
    invalid: [{ reason: 'contention', detail: '' }],
  })
  expect(viewOf(both).answerFigures[0]?.title).toMatch(
    /^q4_0 decodes fastest on random-50m: [\d.]+ × f16 \(invalid ones left out\)$/,
  )
})

test('no path of the machine is in the view', () => {
  expect(JSON.stringify(viewOf(eventfulFixture()))).not.toContain('/lab/')
})
