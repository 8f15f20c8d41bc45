import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import { blockValues } from '../../lib/verdict/block-values.ts'
import { trialFinder } from '../../lib/verdict/cell-trials.ts'
import { comparedOf, decoded, type Measured, valued } from './compared-fixture.ts'

type Trials = (block: number) => Measured | undefined
function valuesOf(a: Trials, b: Trials, options: { metric?: Metric; blocks?: number } = {}) {
  const arms = [
    { axes: { quantization: 'f16' }, trial: a },
    { axes: { quantization: 'q4_0' }, trial: b },
  ]
  const compared = comparedOf({ arms, blocks: options.blocks ?? 2 })
  const find = trialFinder(compared)
  const [base, against] = compared.plan.cells.map(({ id }) => find(id)) as [
    ReturnType<typeof find>,
    ReturnType<typeof find>,
  ]
  return blockValues(base, against, options.metric ?? 'decode_tps')
}

const prompts = (means: Readonly<Record<string, number>>, metric: Metric = 'decode_tps'): Measured => ({
  prompts: Object.entries(means).map(([promptId, value]) => ({ promptId, n: 1, metrics: { [metric]: value } })),
})

test('of requests the change is the mean over prompts of the change of each, so that no prompt counts for more', () => {
  const { values } = valuesOf(
    () => prompts({ short: 100, long: 10 }),
    () => prompts({ short: 110, long: 12 }),
    { blocks: 1 },
  )
  expect(values).toHaveLength(1)
  expect(values[0]?.change).toBeCloseTo(Math.sqrt(1.1 * 1.2), 12)
  expect(values[0]?.base).toBeCloseTo(Math.sqrt(1000), 10)
  expect(values[0]).toMatchObject({ block: 0, prompts: 2 })
})

test('a load that stops early pairs the prompts that both arms finished, and says how many', () => {
  const { values } = valuesOf(
    () => prompts({ a: 100, b: 50, c: 7 }),
    () => prompts({ a: 200, b: 100 }),
    { blocks: 1 },
  )
  expect(values[0]?.change).toBeCloseTo(2, 12)
  expect(values[0]).toMatchObject({ prompts: 2 })
  expect(values[0]?.base).toBeCloseTo(Math.sqrt(5000), 10)
})

test('of a whole trial it is the ratio of two values, or their difference where they can be 0', () => {
  const ratio = valuesOf(
    () => valued('output_tps', 40),
    () => valued('output_tps', 50),
    { metric: 'output_tps' },
  ).values[0]
  expect(ratio?.change).toBeCloseTo(1.25, 12)
  expect(ratio).not.toHaveProperty('prompts')
  const difference = valuesOf(
    () => valued('cpu_cores', 0),
    () => valued('cpu_cores', 0.5),
    { metric: 'cpu_cores' },
  ).values[0]
  expect(difference).toEqual({ block: 0, change: 0.5, base: 0, against: 0.5, first: 'base' })
})

test('which arm ran first is told of each block', () => {
  const { values } = valuesOf(
    () => decoded(100),
    () => decoded(100),
  )
  expect(values.map(({ first }) => first)).toEqual(['base', 'against'])
})

const waitingOnce: Trials = (block) => (block === 3 ? { status: 'pending' } : decoded(100))

test('what failed, is invalid or is not there is lost with its reason and its arm, and what has not been measured yet waits', () => {
  const failed: Measured = { status: 'failed', reason: 'out-of-memory' }
  const throttled: Measured = { ...decoded(90), invalid: [{ reason: 'throttled', detail: '' }] }
  const b: Trials = (block) => [failed, throttled, undefined, decoded(110), decoded(110), {}][block]
  const { values, losses, waiting } = valuesOf(waitingOnce, b, { blocks: 6 })
  expect(values.map(({ block }) => block)).toEqual([4])
  expect(losses).toEqual([
    { block: 0, arm: 'against', why: { status: 'failed', reason: 'out-of-memory' } },
    { block: 1, arm: 'against', why: { status: 'invalid', reason: 'throttled' } },
    { block: 2, arm: 'against', why: { status: 'missing' } },
    { block: 5, arm: 'against', why: { status: 'missing' } },
  ])
  expect(waiting).toBe(1)
})

test('both arms of a block may be lost, each for a reason of its own', () => {
  const { losses } = valuesOf(
    () => ({ status: 'failed', reason: 'crashed' }),
    () => undefined,
    { blocks: 1 },
  )
  expect(losses).toEqual([
    { block: 0, arm: 'base', why: { status: 'failed', reason: 'crashed' } },
    { block: 0, arm: 'against', why: { status: 'missing' } },
  ])
})

test('a block far from the others is flagged, and stays', () => {
  const changes = [1.01, 1.012, 1.009, 1.011, 1.3, 1.01, 1.012, 1.008]
  const { values } = valuesOf(
    () => decoded(100),
    (block) => decoded(100 * (changes[block] as number)),
    { blocks: 8 },
  )
  expect(values).toHaveLength(8)
  expect(values.flatMap(({ block, outlier }) => (outlier ? [block] : []))).toEqual([4])
})

test('a ratio has no place for 0, which is a value that is missing', () => {
  const { values, losses } = valuesOf(
    () => valued('energy_j', 0),
    () => valued('energy_j', 5),
    { metric: 'energy_j', blocks: 1 },
  )
  expect(values).toEqual([])
  expect(losses).toEqual([{ block: 0, arm: 'base', why: { status: 'missing' } }])
})
