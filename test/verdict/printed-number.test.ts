import { expect, test } from 'vitest'
import { printedNumber } from '../../lib/verdict/printed-number.ts'

test('a printed number is known to half a unit of its last digit', () => {
  expect(printedNumber('6.50')).toEqual({ value: 6.5, least: 6.495, most: 6.505, decimals: 2 })
  expect(printedNumber('1,599')).toMatchObject({ value: 1599, least: 1598.5, most: 1599.5, decimals: 0 })
  expect(printedNumber('$329')).toMatchObject({ value: 329 })
  expect(printedNumber('35.3*')).toMatchObject({ value: 35.3, decimals: 1 })
})

test('what is no number is none', () => {
  for (const text of ['', 'A10G', '24GB', '1,59', '2022.8.12', '1e3']) expect(printedNumber(text)).toBeUndefined()
})
