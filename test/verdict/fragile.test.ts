import { expect, test } from 'vitest'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, only } from './compared-fixture.ts'

/** A of one speed, and B so much faster, block by block; A’s twin tells that next to nothing can be resolved. */
const changing = (changes: readonly number[], device = 'local-cpu') =>
  only(
    comparePlan(
      comparedOf({
        arms: [
          {
            axes: { quantization: 'f16' },
            trial: () => decoded(100),
            twin: (block) => decoded(100 + 0.01 * (block % 2)),
          },
          { axes: { quantization: 'q4_0' }, device, trial: (block) => decoded(100 * (changes[block] as number)) },
        ],
      }),
    ),
  )
const faster = [1.05, 1.051, 1.049, 1.052, 1.05, 1.048, 1.05, 1.051, 1.049, 1.05]
const once = faster.with(8, 0.8)

test('a verdict that hangs on blocks that are flagged is fragile', () => {
  const found = changing(once)
  expect(found).toMatchObject({ verdict: { row: 'inconclusive' }, fragile: true, estimate: { n: 10 } })
  expect(found.blocks[8]?.outlier).toBe(true)
  expect(changing(faster)).not.toHaveProperty('fragile')
})

test('an outlier that moves what is equivalent to the other side of nothing does not make it fragile', () => {
  const found = changing([1, 0.999, 1.0008, 0.999, 1.0008, 0.9989, 1.0009, 0.9992, 1.012, 1.0002])
  expect(found).toMatchObject({ verdict: { row: 'equivalent' }, estimate: { n: 10 } })
  expect(found.blocks[8]?.outlier).toBe(true)
  expect(found.estimate?.change).toBeGreaterThan(1.0005)
  expect(found).not.toHaveProperty('fragile')
})

test('arms that share no block have outliers of their own, and may be as fragile', () => {
  const found = changing(once, 'local-cuda')
  expect(found).toMatchObject({ verdict: { row: 'inconclusive' }, estimate: { n: 10, pairing: 'unpaired' } })
  expect(found.fragile).toBe(true)
  expect(changing(faster, 'local-cuda').fragile).toBeUndefined()
})
