import { expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { classOf, countClasses, evenClasses } from '../../lib/report/heat.ts'
import { chartFixtures } from './charts-fixture.ts'
import { fixture } from './fixture.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

type Row = { [name: string]: string | number | boolean }
const shown = (data: PlanData) => viewOf(data).figures.find(({ chart }) => chart === 'heat-map')
const rowsOf = (data: PlanData) => (shown(data)?.values['rows'] ?? []) as Row[]
const ranges = (counts: readonly number[]) => countClasses(counts).map(({ from, to }) => [from, to])
const grid = chartFixtures.grid()

test('two axes of three values or more are a map: numbers across, a cell for each, its number in it', () => {
  const rows = rowsOf(grid)
  expect(rows).toHaveLength(16)
  expect([...new Set(rows.map(({ column }) => column))]).toEqual(['1', '2', '4', '8'])
  expect([...new Set(rows.map(({ line }) => line))]).toEqual(['f16', 'q8_0', 'q4_0', 'q4_k_m'])
  expect(rows.filter((row) => row['best'] === true).map(({ column, line }) => [column, line])).toEqual([['2', 'q4_0']])
  expect([shown(grid)?.title, shown(grid)?.subtitle]).toMatchInlineSnapshot(`
    [
      "decode ranges from 2 764 tokens/s (demo · f16 · 4 threads) to 8 782 (demo · q4_0 · 2 threads)",
      "decode, tokens/s: means over launches (n = 2), threads across, quantization down; frame and bold = the highest; hollow = invalid",
    ]
  `)
})

test('what failed says why, what is invalid is hollow and not what the title rests on', () => {
  const rows = rowsOf(grid)
  expect(rows.filter(({ kind }) => kind === 'missing').map(({ text, tip }) => [text, tip])).toMatchInlineSnapshot(`
    [
      [
        "–",
        "demo · f16 · 8 threads · decode
    failed: out of memory",
      ],
    ]
  `)
  expect(rows.filter((row) => row['invalid'] === true)).toHaveLength(1)
  expect(shown(grid)?.subtitle).toContain('hollow = invalid')
})

test('two values of an axis are no map, nor is a grid that is mostly empty', () => {
  expect(shown(fixture())).toBe(undefined)
  const diagonal = grid.plan.cells.filter(({ axes, config }) => {
    const at = ['f16', 'q8_0', 'q4_0', 'q4_k_m'].indexOf(config.quantization)
    return axes['backend.threads'] === 2 ** at
  })
  expect(shown({ ...grid, plan: { ...grid.plan, cells: diagonal } })).toBe(undefined)
})

test('servers by load are told by their output; a small map of what lines show already is folded', () => {
  const figure = shown(loadFixture({ servers: ['a', 'b', 'c'], clients: [1, 4, 16] }))
  expect([figure?.metric, figure?.folded]).toEqual(['output_tps', true])
  expect(shown(loadFixture({ servers: ['a', 'b', 'c', 'd', 'e'], clients: [1, 2, 4, 8, 16] }))?.folded).toBe(undefined)
})

test('classes are of equal width, of equal ratio from a 30-fold range', () => {
  expect(evenClasses([0, 70]).map(({ to }) => to)).toEqual([10, 20, 30, 40, 50, 60, 70].map((to) => expect.closeTo(to)))
  expect(evenClasses([1, 128]).map(({ to }) => to)).toEqual([2, 4, 8, 16, 32, 64, 128].map((to) => expect.closeTo(to)))
  expect(evenClasses([5, 5])).toEqual([{ from: 5, to: 5, colour: 'var(--heat-4)', ink: 'var(--on-heat-4)' }])
  expect(classOf(evenClasses([0, 70]), 35)).toMatchObject({ from: expect.closeTo(30) as number })
})

test('counts fall into classes of about equally many, or one each where they are few', () => {
  expect(ranges(Array.from({ length: 100 }, (_, at) => at + 1))).toEqual([
    [1, 20],
    [21, 40],
    [41, 60],
    [61, 80],
    [81, 100],
  ])
  expect(ranges([7, 3, 7, 3, 3])).toEqual([
    [3, 3],
    [7, 7],
  ])
})
