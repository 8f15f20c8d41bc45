import { expect, test } from 'vitest'
import { NumberList } from '../../lib/wire/number-list.ts'

test('numbers come back in order, however many more there are than were expected', () => {
  for (const expected of [0, 3, 1e9]) {
    const list = new NumberList(expected)
    const numbers = Array.from({ length: 5000 }, (_, i) => i / 3)
    for (const number of numbers) list.push(number)
    expect(list.toArray()).toEqual(numbers)
    expect(list.values).toHaveLength(list.length)
  }
})

test('a list that was cleared begins anew', () => {
  const list = new NumberList(0)
  for (let i = 0; i < 100; i += 1) list.push(i)
  list.clear()
  expect(list.toArray()).toEqual([])
  list.push(7)
  expect([list.at(0), list.length]).toEqual([7, 1])
})
