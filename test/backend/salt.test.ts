import { expect, test } from 'vitest'
import { saltOf } from '../../lib/backend/salt.ts'

test('salts are equal for equal parts, different for others, and of one length', () => {
  const salts = Array.from({ length: 5000 }, (_, index) => saltOf(['plan', 'measured', index]))
  expect(new Set(salts).size).toBe(salts.length)
  expect(new Set(salts.map(({ length }) => length))).toEqual(new Set([41]))
  expect(saltOf(['plan', 'measured', 7])).toBe(salts[7])
})

test('salts share no beginning', () => {
  const firstWords = Array.from({ length: 5000 }, (_, index) => saltOf(['plan', index]).slice(0, 4))
  expect(new Set(firstWords).size).toBe(32)
})
