import { expect, test } from 'vitest'
import { marginals } from '../../lib/report/marginal.ts'

const small = { name: 'small', price: 200, performance: 4 }
const middle = { name: 'middle', price: 400, performance: 10 }
const odd = { name: 'odd', price: 500, performance: 9 }
const large = { name: 'large', price: 900, performance: 12 }

test('four cards by hand: what each adds to the next cheaper one that nothing beats, and to the base', () => {
  expect(marginals([large, small, odd, middle], small)).toEqual([
    { ...small, toBase: { price: 0, performance: 0, priceRatio: 1, performanceRatio: 1 } },
    {
      ...middle,
      step: { from: small, price: 200, performance: 6, pricePerUnit: 200 / 6 },
      toBase: { price: 200, performance: 6, priceRatio: 2, performanceRatio: 2.5 },
    },
    { ...odd, dominatedBy: middle, toBase: { price: 300, performance: 5, priceRatio: 2.5, performanceRatio: 2.25 } },
    {
      ...large,
      // Not from the odd one: nobody buys that.
      step: { from: middle, price: 500, performance: 2, pricePerUnit: 250 },
      toBase: { price: 700, performance: 8, priceRatio: 4.5, performanceRatio: 3 },
    },
  ])
})

test('of two at one price the faster one counts, and of two equal ones the first', () => {
  const slower = { name: 'slower', price: 400, performance: 8 }
  const twin = { ...middle, name: 'twin' }
  const found = marginals([small, slower, middle, twin], small)
  expect(found.map(({ name, dominatedBy }) => [name, dominatedBy?.name])).toEqual([
    ['small', undefined],
    ['middle', undefined],
    ['twin', 'middle'],
    ['slower', 'middle'],
  ])
})

test('a card is beaten by the cheapest that does as much', () => {
  const last = { name: 'last', price: 1000, performance: 9.5 }
  expect(marginals([small, middle, large, last], small).at(-1)?.dominatedBy).toEqual(middle)
})
