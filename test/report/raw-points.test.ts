import { expect, test } from 'vitest'
import { mostDots, thinned, type RawPoint } from '../../lib/report/raw-points.ts'

const point = (value: number): RawPoint => ({ value, valid: true, of: 'request', trialId: 1, label: '' })

test('many points are thinned evenly, the least and the largest stay', () => {
  const many = thinned(Array.from({ length: 5000 }, (_, index) => point((index * 7919) % 5000)))
  expect(many).toHaveLength(mostDots)
  expect([many[0]?.value, many.at(-1)?.value]).toEqual([0, 4999])
  expect(thinned(many)).toBe(many)
})
