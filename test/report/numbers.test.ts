import { describe, expect, test } from 'vitest'
import { percent, shownBytes, shownTime, shownValue, significant } from '../../lib/report/numbers.ts'

const thin = '\u202f'

const shown = (value: number, half: number) =>
  shownValue('decode_tps', value, { low: value - half, high: value + half })

describe('shownValue', () => {
  test('lets two significant digits of the uncertainty decide', () => {
    expect(shown(213.42, 2.13)).toEqual({ text: '213.4', half: `±${thin}2.1` })
    expect(shown(1234.5, 210)).toEqual({ text: `1${thin}235`, half: `±${thin}210` })
    expect(shown(0.16586, 0.00092)).toEqual({ text: '0.16586', half: `±${thin}0.00092` })
    expect(shown(0.5, 0.0996)).toEqual({ text: '0.50', half: `±${thin}0.10` })
  })

  test('shows three digits without an interval, four of what timing does not touch', () => {
    expect(shownValue('decode_tps', 213.42).text).toBe('213')
    expect(shownValue('perplexity', 54.2452).text).toBe('54.25')
    expect(shownValue('effective_bpw', 4.8944).text).toBe('4.894')
  })

  test('never rounds digits before the point away', () => {
    expect(shownValue('decode_tps', 12345.6).text).toBe(`12${thin}346`)
  })

  test('takes the rounding of equal values for no uncertainty', () => {
    expect(shownValue('decode_tps', 200, { low: 200 - 1e-12, high: 200 + 1e-12 })).toEqual({ text: '200', half: '' })
  })

  test('shows an interval of wild launches as a factor', () => {
    expect(shownValue('decode_tps', 54, { low: 0.93, high: 3133 })).toEqual({ text: '54', half: `×÷${thin}58` })
  })

  test('takes for wide what reaches from half the value to twice', () => {
    expect(shownValue('decode_tps', 10, { low: 4.9, high: 20.4 }).half).toBe(`×÷${thin}2.0`)
    expect(shownValue('decode_tps', 10, { low: 5.1, high: 19.6 }).half).toBe(`±${thin}7.3`)
  })

  test('shows bytes as MiB', () => {
    expect(shownValue('pss_peak_bytes', 101.26 * 2 ** 20).text).toBe('101')
    expect(shownBytes(3 * 2 ** 30)).toBe('3.00 GiB')
  })
})

test('zero and negative numbers are numbers', () => {
  expect(significant(0)).toBe('0')
  expect(significant(-0.01234)).toBe('−0.0123')
})

test('percent shows two digits, and says when it is too little to show', () => {
  expect([0.007437, 0.44, 0.000045, 2.5].map(percent)).toEqual([
    `0.74${thin}%`,
    `44${thin}%`,
    `<${thin}0.01${thin}%`,
    `250${thin}%`,
  ])
})

test('times are in UTC', () => {
  expect(shownTime(Date.UTC(2026, 10, 20, 23, 59, 59))).toBe('2026-11-20 23:59:59 UTC')
})
