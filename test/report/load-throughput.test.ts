import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

const closed = loadFixture()
const open = loadFixture({ rates: [5, 20, 60], objectives: { ttft_scheduled_ms: 400, tpot_ms: 50 } })
const figuresOf = (data: PlanData) => {
  const { answerFigures, figures } = viewOf(data)
  return [...answerFigures, ...figures]
}
const named = (data: PlanData, id: string) => figuresOf(data).find((figure) => figure.id === id) as Figure
const rowsOf = (figure: Figure, kind: string) =>
  (figure.values['rows'] as { [name: string]: string | number | boolean }[]).filter((row) => row['kind'] === kind)

test('throughput by load is a mark for each load with its interval and launches, its title from the least load to the most', () => {
  const figure = named(closed, 'load-throughput-1')
  expect(rowsOf(figure, 'estimate').map((row) => row['at'])).toEqual([1, 2, 4, 8, 16, 32, 64])
  expect(rowsOf(figure, 'interval')).toHaveLength(7)
  expect(rowsOf(figure, 'raw')).toHaveLength(3 * 7)
  expect([figure.values['zero'], figure.values['xScale'], figure.title]).toMatchInlineSnapshot(`
    [
      true,
      "log",
      "rehearsal writes 89.5 tokens/s in all with 1 client and 811 with 64 clients",
    ]
  `)
  expect(figure.twin.rows[0]?.map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "rehearsal · 1 client · ask",
      "1",
      "89.51",
      "88.95",
      "90.08",
      "3",
    ]
  `)
})

test('throughput by load is there for arrivals, and not for one load', () => {
  expect(figuresOf(open).map(({ id }) => id)).toContain('load-throughput-1')
  expect(figuresOf(loadFixture({ clients: [4] })).map(({ id }) => id)).not.toContain('load-throughput-1')
})
