import { expect, test } from 'vitest'
import { NumberList } from '../../lib/backend/number-list.ts'

test('numbers come back in order, however many more there are than were expected', () => {
  for (const expected of [0, 3, 1e9]) {
    const list = new NumberList(expected)
    const numbers = Array.from({ length: 5000 }, (_, i) => i / 3)
    for (const number of numbers) list.push(number)
    expect(list.toArray()).toEqual(numbers)
    expect(list.values).toHaveLength(list.length)
  }
})
