import { expect, test } from 'vitest'
import { expand, refused } from './fixture.ts'

const axes = 'name: x\naxes: { model: [sole], workload: [write] }'
const priced = (price: string) => `${axes}\nhardware: { h: { target: local, price: ${price} } }`
const cellOf = async (text: string) => (await expand(text)).cells[0]

test('what hardware costs is kept with its cell, and no part of its id', async () => {
  const cell = await cellOf(priced('{ usdPerHour: 1.21, source: a list }'))
  expect(cell?.config.hardware.price).toEqual({ usdPerHour: 1.21, source: 'a list' })
  expect(cell?.id).toBe((await cellOf(`${axes}\nhardware: { h: { target: local } }`))?.id)
})

test('a price is that of an hour, of the hardware, or of tokens', async () => {
  for (const price of [
    '{ usd: 80, source: a list }',
    '{ usd: 1200, years: 3, hoursPerDay: 8, watts: 300, usdPerKwh: 0.3, source: a list }',
    '{ usdPerMtok: 0.6, source: a list }',
  ])
    expect((await cellOf(priced(price)))?.config.hardware).toHaveProperty('price')
})

test('a price that is none says what it lacks', async () => {
  const problems = []
  for (const price of [
    '{ usd: 80 }',
    '{ source: a list }',
    '{ usd: 80, usdPerHour: 1, source: a list }',
    '{ usdPerHour: 1, years: 3, source: a list }',
    '{ usd: 80, years: 3, watts: 10, source: a list }',
    '{ usd: 80, hoursPerDay: 8, source: a list }',
    '{ usd: -1, source: a list }',
    '{ usdPerHours: 1, source: a list }',
  ])
    problems.push((await refused(priced(price))).split('\n')[0])
  expect(problems).toMatchInlineSnapshot(`
    [
      "x.yaml:3:40: hardware.h.price.source: is missing: it must be text",
      "x.yaml:3:40: hardware.h.price: needs one of usdPerHour (rented), usd (bought) and usdPerMtok (an API), and no other of them",
      "x.yaml:3:40: hardware.h.price: needs one of usdPerHour (rented), usd (bought) and usdPerMtok (an API), and no other of them",
      "x.yaml:3:40: hardware.h.price: years: only what was bought (usd) has that",
      "x.yaml:3:40: hardware.h.price: watts and usdPerKwh make the price of energy together: give both",
      "x.yaml:3:40: hardware.h.price: needs years: over how many the price is spread",
      "x.yaml:3:47: hardware.h.price.usd: must be more than 0, got -1",
      "x.yaml:3:40: hardware.h.price: needs one of usdPerHour (rented), usd (bought) and usdPerMtok (an API), and no other of them",
    ]
  `)
})
