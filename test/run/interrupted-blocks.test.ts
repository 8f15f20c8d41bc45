import { expect, test } from 'vitest'
import type { LaunchRow } from '../../lib/domain/plan-data.ts'
import { launchesOfInterruptedBlocks } from '../../lib/run/interrupted-blocks.ts'

const launch = (id: number, change: Partial<LaunchRow> = {}): LaunchRow => ({
  id,
  ordinal: id,
  block: 0,
  arm: `arm ${id}`,
  stratum: '{}',
  device: 'local-cpu',
  attempt: 1,
  status: 'ok',
  spoolOffset: 0,
  ...change,
})
const again = (launches: LaunchRow[], when: { leftOver?: number[]; resumed?: boolean } = {}) =>
  launchesOfInterruptedBlocks(launches, {
    leftOver: new Set(when.leftOver),
    resumed: when.resumed === true,
  }).map(({ id }) => id)

test('of a block that was interrupted all that has begun is measured again, and no other block', () => {
  const block = [launch(1), launch(2, { status: 'interrupted' }), launch(3, { status: 'pending' })]
  expect(again([...block, launch(4, { block: 1 }), launch(5, { stratum: '{"backend.threads":2}' })])).toEqual([1, 2])
})

test('a crash of the engine interrupts no block, a runner that comes back between two launches does', () => {
  const block = [launch(1, { status: 'failed' }), launch(2, { status: 'pending' })]
  expect(again(block)).toEqual([])
  expect(again(block, { resumed: true })).toEqual([1])
  expect(again([launch(1), launch(2)], { resumed: true })).toEqual([])
  expect(again([launch(1), launch(2)], { resumed: true, leftOver: [2] })).toEqual([1, 2])
})

test('a launch that goes on for another has begun, though it waits: the last attempt is the one that counts', () => {
  const goesOn = launch(3, { attempt: 2, continues: 1, status: 'pending' })
  expect(again([launch(1, { status: 'failed' }), goesOn, launch(2, { status: 'interrupted' })])).toEqual([3, 2])
})
