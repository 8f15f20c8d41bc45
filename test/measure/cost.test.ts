import { expect, test } from 'vitest'
import type { Price } from '../../lib/domain/price.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { breakEven, perUsd, usdPerMtok } from '../../lib/measure/cost.ts'

const source = 'made up'
const rented = (usdPerHour: number): Price => ({ usdPerHour, source })
const bought = (usd: number, more: object = {}): Price => ({ usd, source, ...more })
const api = (usd: number): Price => ({ usdPerMtok: usd, source })

test('what is rented costs its hours: 1.8 dollars an hour at 100 tokens/s are 5 dollars for a million', () => {
  expect(usdPerMtok(rented(1.8), 100)).toBeCloseTo(5, 12)
})

test('what was bought costs a part of its price and its energy', () => {
  // 876 dollars over a year of 8760 hours: 0.10 an hour; 500 W at 0.20 per kWh: 0.10 an hour. 0.20 / 36000 tokens * 1e6.
  const price = bought(876, { years: 1, watts: 500, usdPerKwh: 0.2 })
  expect(usdPerMtok(price, 10)).toBeCloseTo(5.5556, 4)
  expect(usdPerMtok(bought(876, { years: 1 }), 10)).toBeCloseTo(2.7778, 4)
  expect(usdPerMtok(bought(876, { years: 2, hoursPerDay: 6 }), 10)).toBeCloseTo(5.5556, 4)
})

test('without years nobody knows what a token of bought hardware costs, but what a dollar buys', () => {
  expect(usdPerMtok(bought(80), 10)).toBeUndefined()
  expect(perUsd(bought(80), 10)).toBe(0.125)
  expect(perUsd(rented(1), 10)).toBeUndefined()
  expect(perUsd(api(1), 10)).toBeUndefined()
})

test('the price of an API does not depend on how fast it answers', () => {
  expect([1, 1000].map((rate) => usdPerMtok(api(0.6), rate))).toEqual([0.6, 0.6])
})

test('what was bought pays from some use on', () => {
  // 1200 dollars over 2 years are 50 a month; energy 100 W at 0.30: 0.03 an hour, at 100 tokens/s 1/12 dollar a million.
  const own = { price: bought(1200, { years: 2, watts: 100, usdPerKwh: 0.3 }), outputTps: 100 }
  const meeting = breakEven(own, { price: api(10 + 1 / 12), outputTps: 50 })
  expect(meeting).toEqual({
    is: 'at',
    mtokPerMonth: expect.closeTo(5, 9),
    hoursPerDay: { first: expect.closeTo(5e6 / 360_000 / (365 / 12), 9) },
    cheaper: 'first',
  })
  // The rented one writes 200 tokens/s for 3.66 an hour: 5.0833 dollars a million, 5 more than the energy.
  expect(breakEven({ price: rented(3.66), outputTps: 200 }, own)).toEqual({
    is: 'at',
    mtokPerMonth: expect.closeTo(10, 9),
    hoursPerDay: { first: expect.closeTo(10e6 / 720_000 / (365 / 12), 9), second: expect.any(Number) },
    cheaper: 'second',
  })
})

test('there is no break-even where one is cheaper always, or would need more hours than there are', () => {
  const slow = { price: bought(1200, { years: 2 }), outputTps: 1 } // 2.6 million tokens a month at most
  expect(breakEven(slow, { price: api(10), outputTps: 1 })).toEqual({ is: 'never', cheaper: 'second' })
  expect(breakEven({ price: rented(1), outputTps: 10 }, { price: api(20), outputTps: 1 })).toEqual({
    is: 'never',
    cheaper: 'second',
  })
  expect(breakEven({ price: api(20), outputTps: 1 }, { price: api(30), outputTps: 1 })).toEqual({
    is: 'never',
    cheaper: 'first',
  })
  const dear = { price: bought(2400, { years: 2, watts: 1000, usdPerKwh: 1 }), outputTps: 100 }
  const cheap = { price: bought(1200, { years: 2 }), outputTps: 100 }
  expect(breakEven(dear, cheap)).toEqual({ is: 'never', cheaper: 'second' })
  expect(breakEven(cheap, cheap)).toEqual({ is: 'always' })
  expect(breakEven({ price: bought(80), outputTps: 1 }, cheap)).toBeUndefined()
  expect(breakEven({ price: rented(1), outputTps: 0 }, cheap)).toBeUndefined()
  expect(breakEven({ price: api(1), outputTps: 0 }, cheap)).toMatchObject({ is: 'at' })
})

test('at the break-even both cost the same by usdPerMtok, and above it the cheaper one is cheaper', () => {
  const random = randomSequence(11)
  let met = 0
  for (let round = 0; round < 500; round += 1) {
    const own = {
      usd: 10 ** (1 + 3 * random()),
      years: 1 + Math.floor(4 * random()),
      watts: 300 * random(),
      usdPerKwh: 0.3,
    }
    const outputTps = 1 + 100 * random()
    const other = random() < 0.5 ? api(20 * random()) : rented(2 * random())
    const theirs = 200 * random() + 1
    const found = breakEven({ price: bought(own.usd, own), outputTps }, { price: other, outputTps: theirs })
    if (found?.is !== 'at') continue
    met += 1
    const costs = (times: number) => {
      const hoursPerDay = (found.hoursPerDay.first as number) * times
      return [usdPerMtok(bought(own.usd, { ...own, hoursPerDay }), outputTps), usdPerMtok(other, theirs)] as [
        number,
        number,
      ]
    }
    const [here, there] = costs(1)
    expect(here / there).toBeCloseTo(1, 9)
    const [more, same] = costs(1.1)
    expect(more < same).toBe(found.cheaper === 'first')
    expect(found.hoursPerDay.first).toBeLessThanOrEqual(24)
  }
  expect(met).toBeGreaterThan(100)
})
