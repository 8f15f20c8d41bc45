import { expect, test } from 'vitest'
import { leastDivergence } from '../../lib/backend/likeliest-window.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

const vocabulary = 60
const random = randomSequence(7)

function distribution(like?: readonly number[]): number[] {
  const weights = Array.from({ length: vocabulary }, (_, at) => (like?.[at] ?? 0) + 4 * random())
  const whole = Math.log(weights.reduce((sum, weight) => sum + Math.exp(weight), 0))
  return weights.map((weight) => weight - whole)
}
const likeliest = (row: readonly number[], told: number) =>
  new Map([...row.entries()].toSorted(([, a], [, b]) => b - a).slice(0, told))
const exact = (base: readonly number[], own: readonly number[]) =>
  base.reduce((sum, lnP, at) => sum + Math.exp(lnP) * (lnP - (own[at] as number)), 0)

test('of all tokens it is the divergence, of fewer a lower bound that grows with them', () => {
  for (let round = 0; round < 50; round += 1) {
    const base = distribution()
    const own = distribution(base)
    const bound = (told: number) => leastDivergence(likeliest(base, told), likeliest(own, told))
    expect(bound(vocabulary)).toBeCloseTo(exact(base, own), 10)
    for (const told of [1, 5, 20, 50]) {
      expect(bound(told)).toBeGreaterThanOrEqual(0)
      expect(bound(told)).toBeLessThanOrEqual(exact(base, own) + 1e-12)
    }
  }
})

test('a model is none from itself, whatever is told', () => {
  const base = distribution()
  for (const told of [1, 7, vocabulary]) expect(leastDivergence(likeliest(base, told), likeliest(base, told))).toBe(0)
})

test('is 0 where both tell nothing of the same token', () => {
  expect(leastDivergence(new Map([[1, -1]]), new Map([[2, -1]]))).toBe(0)
})
