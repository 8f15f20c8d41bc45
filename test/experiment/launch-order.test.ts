import { expect, test } from 'vitest'
import { balancedOrders } from '../../lib/experiment/launch-order.ts'

const seeds = Array.from({ length: 300 }, (_, seed) => seed)
const joined = (orders: readonly string[][]) => orders.map((order) => order.join(' '))
const counted = (keys: readonly string[]) =>
  new Map([...Map.groupBy(keys, (key) => key)].map(([key, same]) => [key, same.length]))

test('of an even number of blocks each order comes as often as its reverse', () => {
  for (const seed of seeds) {
    const orders = balancedOrders([['a', 'b', 'c', 'd']], 10, seed)
    const counts = counted(joined(orders))
    for (const order of orders) expect(counts.get(order.toReversed().join(' '))).toBe(counts.get(order.join(' ')))
  }
})

test('of an odd number either of two arms is first once more, by chance', () => {
  const firsts = seeds.map(
    (seed) => joined(balancedOrders([['a', 'b']], 7, seed)).filter((order) => order === 'a b').length,
  )
  expect(new Set(firsts)).toEqual(new Set([3, 4]))
  // 150 expected; five standard deviations of a binomial.
  expect(Math.abs(firsts.filter((n) => n === 4).length - 150)).toBeLessThan(44)
})

test('which block has which order is chance: every way to lay them out comes about equally often', () => {
  const ways = Array.from({ length: 1200 }, (_, seed) => joined(balancedOrders([['a', 'b']], 4, seed)).join(', '))
  const counts = [...counted(ways).values()]
  expect(counts).toHaveLength(6)
  // 200 each expected; five standard deviations of a binomial.
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(65)
})

test('what shares a place stays together, and places change their order as well', () => {
  const places = [['a1', 'a2', 'a3'], ['b1', 'b2'], ['c1']]
  const orders = seeds.flatMap((seed) => balancedOrders(places, 4, seed))
  const runs = orders.map((order) =>
    order
      .map((item) => item.charAt(0))
      .join('')
      .replaceAll(/(.)\1+/g, '$1'),
  )
  expect(new Set(runs)).toEqual(new Set(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']))
  for (const order of orders) expect(order.toSorted()).toEqual(places.flat())
})

test('one block has one order, none has none', () => {
  expect(balancedOrders([['a']], 1, 5)).toEqual([['a']])
  expect(balancedOrders([['a', 'b']], 0, 5)).toEqual([])
})
