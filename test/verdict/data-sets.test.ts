import { expect, test } from 'vitest'
import type { VerdictRow } from '../../lib/domain/verdict.ts'
import { hasNumbers, verdictsOnRandom } from './random-data-set.ts'

/** Every row but the one of arms of different plans, which a plan's own data cannot reach. */
const rows = new Set<VerdictRow>([
  'not-comparable',
  'invalid',
  'unfinished',
  'error-rates',
  'lengths-differ',
  'too-few-blocks',
  'beyond-margin',
  'unresolved',
  'within-margin-but-different',
  'equivalent',
  'different',
  'inconclusive',
])

test('there is no data set without a row, and what it says in numbers are numbers', () => {
  const seen = new Set<VerdictRow>()
  for (let seed = 0; seed < 30; seed += 1)
    for (const comparison of verdictsOnRandom(seed)) {
      const { metric, verdict } = comparison
      expect(rows, `${metric} of data set ${seed}`).toContain(verdict.row)
      expect(hasNumbers(comparison), `${metric} of data set ${seed}`).toBe(true)
      seen.add(verdict.row)
    }
  expect(seen.size).toBeGreaterThan(7)
})
