import { expect, test } from 'vitest'
import type { PlanData, RequestRow } from '../../lib/domain/plan-data.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { countOf, doLengthsDiffer, lengthAt } from '../../lib/report/token-lengths.ts'
import { chartFixtures } from './charts-fixture.ts'
import { fixture } from './fixture.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

type Row = { [name: string]: string | number | boolean }
const lengths = chartFixtures.lengths()
const named = (data: PlanData, id: string) => viewOf(data).figures.find((figure) => figure.id === id)
const ids = (data: PlanData) => viewOf(data).figures.map(({ id }) => id)
const rowsOf = (figure: Figure | undefined, kind: string) =>
  ((figure?.values['rows'] ?? []) as Row[]).filter((row) => row['kind'] === kind)
const withRequests = (data: PlanData, change: (row: RequestRow) => Partial<RequestRow>): PlanData => ({
  ...data,
  requests: data.requests.map((row) => ({ ...row, ...change(row) })),
})

test('requests of a trial are coloured by the tokens of their answers, in classes of about equally many', () => {
  const figure = named(lengths, 'requests-1')
  expect([figure?.title, figure?.subtitle, figure?.values['classes']]).toMatchInlineSnapshot(`
    [
      "rehearsal: the longest third of the answers takes 2.7 × as long as the shortest",
      "time of each answer (E2E), s, when it was asked for; colour = its tokens; all 60 requests; × = failed; hollow = invalid",
      [
        "5 to 11",
        "12 to 15",
        "18 to 29",
        "33 to 42",
        "43 to 86",
      ],
    ]
  `)
  const points = rowsOf(figure, 'point')
  expect(new Set(points.map((row) => row['class']))).toEqual(new Set(figure?.values['classes'] as string[]))
  expect(points.every((row) => row['invalid'] === (row['panel'] === 'other'))).toBe(true)
  expect(rowsOf(figure, 'failed').map(({ text }) => text)).toEqual(['×', '×'])
})

test('where they are, times of answers are not told a second time without their lengths', () => {
  const apart = withRequests(fixture({ models: ['demo'], threads: [1], requests: 24 }), ({ index, part }) =>
    part === 'completion' ? { outputTokens: 10 + index * 3 } : {},
  )
  expect(ids(apart)).toContain('requests-1')
  expect(ids(apart)).not.toContain('over-time-e2e_ms-1')
  expect(ids(fixture({ models: ['demo'], threads: [1], requests: 24 }))).toContain('over-time-e2e_ms-1')
})

test('answers of one length, or few of them, have neither figure', () => {
  const even = viewOf(loadFixture()).figures.map(({ chart }) => chart)
  expect(even.filter((chart) => chart === 'requests' || chart === 'token-lengths')).toEqual([])
  const few = { ...lengths, requests: lengths.requests.slice(0, 15) }
  expect(named(few, 'token-lengths-output')).toBe(undefined)
})

test('a histogram counts every measured request that succeeded once', () => {
  const figure = named(lengths, 'token-lengths-output')
  const bars = rowsOf(figure, 'bar')
  expect(bars.reduce((sum, { value }) => sum + Number(value), 0)).toBe(58)
  expect(new Set(bars.map((row) => Number(row['to']) - Number(row['from'])))).toEqual(new Set([5]))
  expect([figure?.title, figure?.subtitle, figure?.folded]).toMatchInlineSnapshot(`
    [
      "other answers longest: half of its answers have 35 tokens or fewer, 15 with rehearsal",
      "output tokens of 58 requests",
      true,
    ]
  `)
  expect(rowsOf(figure, 'median').map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "median 15",
      "median 35",
    ]
  `)
})

test('arms of like lengths are counted together', () => {
  const figure = named(lengths, 'token-lengths-prompt')
  expect(new Set(rowsOf(figure, 'bar').map(({ panel }) => panel))).toEqual(new Set(['all']))
  expect(figure?.title).toMatchInlineSnapshot(`"Half of the prompts have 30 tokens or fewer; all have 8 to 60"`)
})

test('a median is a length that occurs, and lengths differ only where many do and by much', () => {
  const known = [
    [3, 10],
    [4, 5],
    [9, 6],
  ] as const
  expect([countOf(known), lengthAt(known, 0.5), lengthAt(known, 0), lengthAt(known, 1)]).toEqual([21, 4, 3, 9])
  expect(doLengthsDiffer(known)).toBe(false)
  expect(doLengthsDiffer([...known, [10, 1], [11, 1]])).toBe(true)
  expect(
    doLengthsDiffer([
      [100, 9],
      [101, 9],
      [102, 9],
      [103, 9],
      [104, 9],
    ]),
  ).toBe(false)
})
