import { expect, test } from 'vitest'
import { axisNotes, axisOf, closeAxis, rowsWithin } from '../../lib/report/axis.ts'

test('an axis starts at zero and leaves room for a label', () => {
  expect(axisOf([200, 400])).toEqual({ scale: 'linear', zero: true, least: 0, most: 400 * 1.1 })
})

test('an axis is logarithmic from a range of 30 upwards', () => {
  expect(axisOf([10, 299]).scale).toBe('linear')
  expect(axisOf([10, 300])).toMatchObject({ scale: 'log', zero: false, least: 5 })
  expect(axisOf([0, 300]).scale).toBe('linear')
})

test('an interval widens its axis, but not beyond twice the values', () => {
  expect(axisOf([200, 400], 500).most).toBeCloseTo(550)
  expect(axisOf([200, 400], 5e6).most).toBeCloseTo(880)
})

test('an interval ends where its axis ends, and its label with it', () => {
  const [row] = rowsWithin([{ label: 'a', low: -3, high: 5e6, end: 5e6, value: 200 }], axisOf([200, 400]))
  expect(row).toEqual({ label: 'a', low: 0, high: 400 * 1.1, end: 400 * 1.1, value: 200 })
})

function said(values: readonly number[], ...rows: { low: number; high: number }[]): string[] {
  return axisNotes((key) => key, axisOf(values), rows)
}

test('a subtitle says where intervals go on beyond the axis, and only there', () => {
  expect(said([200, 400])).toEqual([])
  expect(said([200, 400], { low: 190, high: 430 })).toEqual([])
  expect(said([200, 400], { low: 190, high: 5e6 })).toEqual(['chart.beyond'])
  expect(said([1, 400])).toEqual(['chart.log'])
  expect(said([1, 400], { low: 0.1, high: 410 })).toEqual(['chart.log', 'chart.beyond'])
})

test('an axis around near values shows their difference, one around equal values is not empty', () => {
  expect(closeAxis([54.2, 54.7])).toMatchObject({ zero: false, least: 54.2 - 0.1, most: 54.7 + 0.125 })
  const { least, most } = closeAxis([54, 54])
  expect(most).toBeGreaterThan(least)
})
