import { expect, test } from 'vitest'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, type Measured, noise, scored } from './compared-fixture.ts'

const draw = noise(9)
const text = Array.from({ length: 54 }, () => 3 + 0.4 * draw())
const worse = text.map((nll) => nll + 0.05 + 0.004 * draw())

const firstAndLast = (nlls: readonly number[], end: Measured) => (block: number) =>
  block === 0 ? scored(nlls) : block === 9 ? end : undefined

/** The verdict of ten blocks of which the first and the last score the text. */
function compared(last: Measured) {
  const arms = [
    { axes: { quantization: 'f16' }, trial: firstAndLast(text, scored(text)) },
    { axes: { quantization: 'q4_0' }, trial: firstAndLast(worse, last) },
  ]
  const plan = comparedOf({ arms, workloads: ['quality'], margins: [{ metric: 'perplexity', margin: 0.01 }] })
  return comparePlan(plan).comparisons[0]?.cells[0]?.metrics[0]
}

test('blocks that score neither arm lack nothing: two evaluations stand for a plan of ten blocks', () => {
  expect(compared(scored(worse))).toMatchObject({
    verdict: { row: 'beyond-margin' },
    losses: [],
    waiting: 0,
    repeats: { blocks: 2, launches: 2, differ: { base: 0, against: 0 } },
  })
})

test('one that is lost is more than a fifth of them, and one that is still to come is waited for', () => {
  expect(compared({ status: 'failed', reason: 'out-of-memory' })?.verdict).toEqual({
    row: 'invalid',
    losses: [{ block: 9, arm: 'against', why: { status: 'failed', reason: 'out-of-memory' } }],
    blocks: 2,
  })
  expect(compared({ status: 'pending' })?.verdict).toEqual({ row: 'unfinished', waiting: 1, blocks: 2 })
})

test('the arm whose launches differ is known, and by how much', () => {
  const other = compared(scored(worse.map((nll) => nll + 0.02)))
  expect(other?.repeats?.differ.base).toBe(0)
  expect(other?.repeats?.differ.against).toBeCloseTo(Math.expm1(0.02), 10)
})
