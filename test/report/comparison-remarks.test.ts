import { expect, test } from 'vitest'
import type { SentinelDrift } from '../../lib/domain/verdict.ts'
import { comparisonRemarks } from '../../lib/report/comparison-remarks.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { toldComparisons } from '../../lib/report/told-comparison.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { twoArms } from '../verdict/compared-fixture.ts'

const words = wordsOf((await loadTemplates()).strings)
const compared = twoArms(1.1)
const { plan } = compared
const verdicts = comparePlan(compared)
const drift: SentinelDrift = {
  metric: 'decode_tps',
  cellId: plan.cells[0]?.id ?? '',
  change: 0.9,
  interval: { low: 0.85, high: 0.95, confidence: 0.95 },
  margin: 0.02,
  n: 6,
  isMore: true,
}
const remarks = (change: Partial<SentinelDrift>) =>
  comparisonRemarks({
    plan,
    verdicts: { ...verdicts, drifts: [{ ...drift, ...change }] },
    told: toldComparisons(plan, verdicts, words),
    words,
  }).filter((remark) => remark.includes('drifted'))

test('that the machine drifted is said beside the verdicts, with the cell that shows it; where it did not, nothing', () => {
  expect(remarks({})).toMatchInlineSnapshot(`
    [
      "The machine drifted: decode of the sentinel (f16 · decode) changed by −10.0 % through the session (−15.0 to −5.0 %, 95 %, 6 launches).",
    ]
  `)
  expect(remarks({ isMore: false })).toEqual([])
})
