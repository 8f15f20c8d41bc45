import { expect, test } from 'vitest'
import { committedPlan } from './committed-plan.ts'

const planOf = (cores: number) => committedPlan('quickstart.yaml', cores)

test('the quickstart plans the demo and a random model, speed and quality, over the built-in catalogue', async () => {
  const { cells, launches } = await planOf(2)
  const count = (axes: object) =>
    cells.filter((cell) => Object.entries(axes).every(([key, value]) => cell.axes[key] === value)).length
  expect(launches.length).toBe(18) // 14 of speed, 4 that score
  expect([count({ model: 'demo', workload: 'decode' }), count({ model: 'random-50m', workload: 'decode' })]).toEqual([
    8, 6,
  ])
  expect([count({ model: 'demo', workload: 'quality' }), count({ model: 'random-50m', workload: 'quality' })]).toEqual([
    4, 0,
  ])
})

test('on one core its cells for two threads are skipped with a reason', async () => {
  const { cells, skipped } = await planOf(1)
  expect(cells.every((cell) => cell.axes['backend.threads'] === 1)).toBe(true)
  expect(new Set(skipped.filter(({ reason }) => reason !== 'excluded').map(({ detail }) => detail))).toEqual(
    new Set(['needs 2 threads, this machine has 1 core']),
  )
})
