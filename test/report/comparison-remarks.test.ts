import { expect, test } from 'vitest'
import type { SentinelDrift } from '../../lib/domain/verdict.ts'
import { comparisonRemarks } from '../../lib/report/comparison-remarks.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { toldComparisons } from '../../lib/report/told-comparison.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, twoArms } from '../verdict/compared-fixture.ts'

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

const ofOneArm = (twin: ((block: number) => ReturnType<typeof decoded>) | undefined) => {
  const alone = comparedOf({
    arms: [{ axes: { quantization: 'f16' }, trial: (block) => decoded(100 + block), ...(twin && { twin }) }],
  })
  const of = { plan: alone.plan, verdicts: comparePlan(alone), told: [], words }
  return comparisonRemarks(of).map((remark) => remark.replaceAll(/[\u00a0\u202f]/g, ' '))
}

test('of a plan of twins alone the noise floor that was measured comes first, and how to compare after it', () => {
  expect(ofOneArm((block) => decoded((100 + block) * (block % 2 === 0 ? 1.001 : 0.999)))).toMatchInlineSnapshot(`
    [
      "No two arms are compared: what was measured is the noise floor, each arm against itself.",
      "A/A, f16 against itself: decode: Equivalent within 2 % (90 % CI −0.06 to +0.06).",
      "A comparison needs an axis with two values, such as quantization: [f16, q4_0], and what is declared under compare; it is then held to this floor.",
    ]
  `)
  expect(ofOneArm(undefined)).toMatchInlineSnapshot(`
    [
      "Nothing is compared: the plan has one arm alone, or none of what is asked for.",
    ]
  `)
})

test('what the bootstrap says stands beside a verdict that it disputes', () => {
  const changes = [1.004, 1.006, 1.005, 1.007, 1.004, 1.005, 1.006, 1.005, 1.004, 1.06]
  const few = comparedOf({
    arms: [
      { axes: { quantization: 'f16' }, trial: () => decoded(100) },
      { axes: { quantization: 'q4_0' }, trial: (block) => decoded(100 * (changes[block] as number)) },
    ],
  })
  const [arms] = toldComparisons(few.plan, comparePlan(few), words)
  expect(arms?.metrics[0]?.notes.join(' ')).toMatch(
    /disputed: by the bootstrap beside it, which checks, the interval is /,
  )
})
