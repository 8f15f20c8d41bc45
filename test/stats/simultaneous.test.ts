import { expect, test } from 'vitest'
import { simultaneousLevels } from '../../lib/stats/simultaneous.ts'

test('one comparison has 95 % and 90 %, and more of them share the same error', () => {
  expect(simultaneousLevels(1)).toEqual({ interval: 0.95, equivalence: 0.9 })
  expect(simultaneousLevels(10)).toEqual({ interval: 0.995, equivalence: 0.99 })
})
