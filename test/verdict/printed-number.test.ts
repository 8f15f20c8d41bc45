import { expect, test } from 'vitest'
import { printedNumber } from '../../lib/verdict/printed-number.ts'

test('a printed number is known to half a unit of its last digit', () => {
  expect(printedNumber('6.50')).toEqual({ value: 6.5, least: 6.495, most: 6.505, decimals: 2 })
  expect(printedNumber('1,599')).toMatchObject({ value: 1599, least: 1598.5, most: 1599.5, decimals: 0 })
  expect(printedNumber('$329')).toMatchObject({ value: 329 })
  expect(printedNumber('35.3*')).toMatchObject({ value: 35.3, decimals: 1 })
  expect(printedNumber('−0.2')).toEqual(printedNumber('-0.2'))
  expect(printedNumber('4', 2)).toEqual({ value: 4, least: 3.995, most: 4.005, decimals: 2 })
})

test('what is no number is none', () => {
  const long = `0.${'5'.repeat(150)}`
  for (const text of [
    '',
    'A10G',
    '24GB',
    '1,59',
    '0,002',
    '2022.8.12',
    '1e3',
    '~100',
    '45%',
    '1.2k',
    '3~5',
    '3만',
    '--1',
    long,
  ])
    expect(printedNumber(text)).toBeUndefined()
})
