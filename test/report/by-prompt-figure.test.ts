import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { promptsFixture } from './charts-fixture.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

const shown = (data: PlanData) => viewOf(data).figures.filter(({ chart }) => chart === 'by-prompt')
const rowsOf = ({ values }: Figure, kind: string) =>
  (values['rows'] as { [name: string]: string | number | boolean }[]).filter((row) => row['kind'] === kind)

test('prompts are side by side as bars from zero, with interval and launches, for time and for speed', () => {
  const figures = shown(promptsFixture())
  expect(figures.map(({ id, title, subtitle }) => [id, title, subtitle])).toMatchInlineSnapshot(`
    [
      [
        "by-prompt-time-1",
        "q4_0 on demo answers every prompt in the least time: 0.509 to 0.512 × that of f16",
        "time of an answer, s, by prompt; bar = mean over launches, line = its 95 % interval (Student’s t), dots = launches (n = 3); hollow = invalid",
      ],
      [
        "by-prompt-speed-1",
        "q4_0 on demo writes every answer fastest: 1.95 to 1.97 × f16",
        "speed of an answer, tokens/s, by prompt; bar = mean over launches, line = its 95 % interval (Student’s t), dots = launches (n = 3); hollow = invalid",
      ],
    ]
  `)
  for (const figure of figures) {
    expect(figure.values['least']).toBe(0)
    expect(rowsOf(figure, 'estimate')).toHaveLength(3 * 4)
    expect(rowsOf(figure, 'interval')).toHaveLength(3 * 4)
    expect(rowsOf(figure, 'raw')).toHaveLength(3 * 4 * 3)
  }
})

test('bars are those of the tables of “By prompt”', () => {
  const data = promptsFixture()
  const { tables } = viewOf(data).prompts[0] ?? { tables: [] }
  for (const [at, figure] of shown(data).entries()) {
    const inTable = tables[at]?.rows.flatMap(({ cells }) => cells.slice(0, 3).map(({ raw }) => Number(raw)))
    const inBars = rowsOf(figure, 'estimate').map(({ value }) => value)
    expect(new Set(inBars)).toEqual(new Set(inTable))
  }
})

test('a bar of invalid trials only is hollow, and is not what the title rests on', () => {
  const [time] = shown(promptsFixture())
  const hollow = rowsOf(time as Figure, 'estimate').filter((row) => row['invalid'] === true)
  expect(hollow.map(({ name }) => name)).toEqual(['q4_k_m', 'q4_k_m', 'q4_k_m'])
  expect(time?.subtitle).toContain('hollow = invalid')
  expect(time?.title).not.toContain('q4_k_m')
})

test('one prompt has no such figure, nor has one arm', () => {
  expect(shown(fixture())).toEqual([])
  const data = promptsFixture()
  const [first] = data.plan.cells
  const cells = data.plan.cells.filter(({ arm }) => arm === first?.arm)
  expect(shown({ ...data, plan: { ...data.plan, cells } })).toEqual([])
})
