import { expect, test } from 'vitest'
import { QuantileSketch } from '../../lib/stats/quantile-sketch.ts'

test('a ranked value is within 1 % of the exact one', () => {
  const sketch = new QuantileSketch()
  for (let i = 1; i <= 10_000; i++) sketch.add(((i * 7919) % 10_007) / 10)
  const exact = Array.from({ length: 10_000 }, (_, i) => (((i + 1) * 7919) % 10_007) / 10).toSorted((a, b) => a - b)
  for (const rank of [1, 2, 100, 5000, 9900, 10_000])
    expect(Math.abs((sketch.ranked(rank) as number) / (exact[rank - 1] as number) - 1)).toBeLessThan(0.01)
})

test('values that are alike are exact, and 0 is a value', () => {
  const sketch = new QuantileSketch()
  for (const value of [0, 0, 2.5, 2.5, 2.5]) sketch.add(value)
  expect([sketch.n, sketch.ranked(2), sketch.median(), sketch.ranked(5)]).toEqual([5, 0, 2.5, 2.5])
})

test('of fewer values than asked for there is none', () => {
  const sketch = new QuantileSketch()
  expect([sketch.median(), sketch.ranked(1)]).toEqual([undefined, undefined])
})
