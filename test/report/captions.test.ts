import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { reportView } from '../../lib/report/report-view.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { chartFixtures, gpuFixture, paceFixture } from './charts-fixture.ts'
import { extremes } from './extremes-fixture.ts'
import { viewOf } from './view.ts'

const figuresOf = (data: PlanData) => {
  const { answerFigures, figures } = viewOf(data)
  return [...answerFigures, ...figures]
}
const named = (data: PlanData, id: string) => {
  const found = figuresOf(data).find((figure) => figure.id === id)
  return found && { ...found, subtitle: found.subtitle.replaceAll(/[\u202f\u00a0]/g, ' ') }
}

test('where cells have different numbers of launches each number is said, and what a lone launch shows instead', () => {
  expect(named(extremes['half of the launches failed'](), 'decode_tps-1')?.subtitle).toBe(
    'decode, tokens/s; large mark = mean over launches, bar = its 95 % interval (Student’s t); dots = launches (n = 4); where there was one launch only: no interval, dots = its requests (n = 6)',
  )
})

test('cells whose course is not drawn are counted', () => {
  const clock = named(gpuFixture([1, 2, 3, 4, 6]), 'telemetry-gpu-clock')
  expect(clock?.subtitle).toContain('4 more cells stand in the matrix')
})

test('a front tells what its bars are, and speaks of valid arms only', () => {
  const data = chartFixtures.sampled()
  const front = named(data, 'tradeoff-1')
  expect(front?.subtitle).toContain('bars = 95 % intervals of decode (Student’s t; n = 2 launches)')
  const q4 = data.plan.cells.find(({ axes }) => axes['quantization'] === 'q4_0')?.id
  const invalid = [{ reason: 'contention' as const, detail: 'other load' }]
  const trials = data.trials.map((trial) => (trial.cellId === q4 ? { ...trial, invalid } : trial))
  expect(named({ ...data, trials }, 'tradeoff-1')?.title).toContain('(invalid ones left out)')
  expect(named({ ...data, trials }, 'tradeoff-1')?.title).toMatch(/^q4_k_m: 1\.\d+ × the speed of f16/)
})

test('lengths of requests in invalid trials are counted, and that is said', () => {
  expect(named(chartFixtures.lengths(), 'token-lengths-output')?.reading).toContain('those of invalid trials too')
})

test('in another language a course over sessions has no word of English', async () => {
  const strings = (await loadTemplates(undefined, 'ko')).strings
  const { figures } = reportView(chartFixtures.history(), wordsOf(strings), { store: '', templates: '' })
  const figure = figures.find(({ chart }) => chart === 'history')
  expect([figure?.title, figure?.subtitle, figure?.twin.head[2]?.text].map((text) => text?.includes('디코딩'))).toEqual(
    [true, true, true],
  )
})

test('a title that rests on valid values says so where the chart shows others, and gives no arm the values of another', () => {
  expect(named(chartFixtures.lengths(), 'decode_tps-1')?.title).toMatch(
    /^rehearsal: decode 73.6 tokens\/s \(invalid ones left out\)$/,
  )
})

test('of many cells distributions show whole panels, so that no arm is missing where one is named best', () => {
  const figure = named(extremes['sixty cells'](), 'distribution-ttft_ms-1')
  const rows = (figure?.values['rows'] ?? []) as { panel: string; label: string }[]
  const arms = Map.groupBy(rows, ({ panel }) => panel)
  expect([...arms.values()].map((ofPanel) => new Set(ofPanel.map(({ label }) => label)).size)).toEqual([
    4, 4, 4, 4, 4, 4,
  ])
  expect(figure?.title).toMatch(/^q4_0 has the shortest TTFT/)
})

test('a ratio in a title is to the arm that it names, also where that has no valid value at some setting', () => {
  expect(named(paceFixture(), 'decode_tps-1')?.title).toBe(
    'q4_0 decodes fastest on demo: 1.97 × f16 (invalid ones left out)',
  )
})

test('an arm that is beaten at one setting is no winner, also where another is invalid there', () => {
  const data = paceFixture()
  const slow = data.plan.cells.find(({ axes }) => axes['quantization'] === 'q4_0' && axes['backend.threads'] === 2)
  const trials = data.trials.map((trial) => {
    const { decode_tps } = trial.metrics
    if (trial.cellId !== slow?.id || decode_tps === undefined) return trial
    return { ...trial, metrics: { decode_tps: { ...decode_tps, value: decode_tps.value / 10 } } }
  })
  expect(named({ ...data, trials }, 'decode_tps-1')?.title).toBe(
    'Which one decodes fastest on demo depends on the setting (invalid ones left out)',
  )
})
