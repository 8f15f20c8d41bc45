import { expect, test } from 'vitest'
import { inWhole, shareOf, shareOfArrivals, shareOfLoad } from '../../lib/load/share.ts'

const parts = [0, 1, 2].map((part) => ({ part, parts: 3 }))

test('shares add up to the whole, and no index is in two of them', () => {
  for (const count of [3, 7, 10, 64]) {
    const shares = parts.map((share) => shareOf(count, share))
    const indexes = parts.flatMap((share, at) =>
      Array.from({ length: shares[at] as number }, (_, i) => inWhole(i, share)),
    )
    expect(indexes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
  }
})

test('each arrival is in one share, in order', () => {
  expect(parts.map((share) => [...shareOfArrivals([0, 1, 2, 3, 4, 5, 6], share)])).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ])
})

test('a load without a number of requests has none in its shares', () => {
  const load = { kind: 'closed', clients: 4, durationMs: 10 } as const
  expect(parts.map((share) => shareOfLoad(load, share))).toEqual([
    { ...load, clients: 2 },
    { ...load, clients: 1 },
    { ...load, clients: 1 },
  ])
})
