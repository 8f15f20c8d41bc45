import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { historyFixture } from './charts-fixture.ts'
import { sessionsFixture } from './extremes-fixture.ts'
import { viewOf } from './view.ts'

type Row = { [name: string]: string | number | boolean }
const data = historyFixture()
const shown = (of: PlanData) => viewOf(of).figures.find(({ chart }) => chart === 'history')
const estimates = (of: PlanData) =>
  ((shown(of)?.values['rows'] ?? []) as Row[]).filter((row) => row['kind'] === 'estimate')
const withoutHistory = (of: PlanData): PlanData => {
  const { history: _, ...own } = of
  return own
}

test('a cell that was measured before has its course over sessions, without a verdict', () => {
  const figure = shown(data)
  expect([figure?.title, figure?.subtitle, figure?.reading]).toMatchInlineSnapshot(`
    [
      "decode over 3 sessions, no verdict: demo · q8_0 · 1 thread · decode from 3 245 to 4 056 tokens/s",
      "decode, tokens/s, in each session that measured the same cell, this one last; letters = setups: machine and engine",
      "line and large marks = means over launches, bars = their 95 % intervals (Student’s t), small dots = launches (n = 2); lines join sessions of one setup; what each is stands in the table; no verdict: sessions were not mixed in blocks, so that whatever else changed between them is in it.",
    ]
  `)
  const first = estimates(data).filter(({ series }) => String(series).startsWith('0 '))
  expect(first.map(({ session, text }) => [session, text])).toEqual([
    ['2026-11-11 09:00 a1b2c3', 'A'],
    ['2026-11-18 09:00 d4e5f6', 'B'],
    ['2026-11-20 09:00 3f9ac1', 'B'],
  ])
  expect(figure?.folded).toBe(true)
})

test('a setup that did not change has no letter; the table says what each was', () => {
  const same = (data.history ?? []).filter(({ planId }) => planId.endsWith('2'))
  expect(new Set(estimates({ ...data, history: same }).map(({ text }) => text))).toEqual(new Set(['']))
  const [oldest] = shown(data)?.twin.rows ?? []
  expect(oldest?.map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "demo · f16 · 1 thread · decode",
      "2026-11-11 09:00 a1b2c3",
      "2 218",
      "1 977",
      "2 490",
      "2",
      "A",
      "2 cores of AMD EPYC 7B13",
      "llama.cpp 3.21.1 b6500",
    ]
  `)
})

test('cells that were never measured before have no such figure', () => {
  expect(shown(withoutHistory(data))).toBe(undefined)
  expect(shown({ ...data, history: [] })).toBe(undefined)
})

test('what other plans measured is no part of the digest of this one', async () => {
  const template = await loadTemplates()
  const digestOf = async (of: PlanData) =>
    /store content of this plan, SHA-256<\/dt>\s*<dd>(?:<code>)?([0-9a-f]{64})/.exec(
      await renderReport(of, { template }),
    )?.[1]
  const [withIt, without] = [await digestOf(data), await digestOf(withoutHistory(data))]
  expect(withIt).toMatch(/^[0-9a-f]{64}$/)
  expect(withIt).toBe(without)
})

test('sessions beyond the last twelve are left out, and that is said; ticks are written out', () => {
  const figure = shown(sessionsFixture(40))
  expect(figure?.subtitle).toContain('29 older sessions are left out')
  expect(new Set(figure?.twin.rows.map((row) => row[1]?.text)).size).toBe(12)
  expect(figure?.title).toMatch(/^decode over 12 sessions/)
})
