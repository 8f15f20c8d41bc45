import { expect, test } from 'vitest'
import { boundUnits, withBoundUnits } from '../../lib/report/bound-units.ts'

test('a number keeps its unit on its line, and other words are left alone', () => {
  expect(boundUnits('95 % in 3 s, 20 ms, 4 shapes and 2 msgs')).toBe(
    '95\u202f% in 3\u00a0s, 20\u00a0ms, 4 shapes and 2 msgs',
  )
  expect(boundUnits('신뢰 구간은 95 %이며 3 s마다')).toBe('신뢰 구간은 95\u202f%이며 3\u00a0s마다')
  expect(withBoundUnits({ a: ['for {n} s', 1, null], b: { c: '{share} %' } })).toEqual({
    a: ['for {n}\u00a0s', 1, null],
    b: { c: '{share}\u202f%' },
  })
})
