import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from '../../lib/stats/normal.ts'

// scipy 1.17, scipy.stats.norm.cdf; 3 is where one formula takes over from the other.
test.each([
  [-10, 7.61985302416047e-24],
  [-6, 9.865876450376946e-10],
  [-3.5, 0.00023262907903552502],
  [-3, 0.0013498980316300933],
  [-1, 0.15865525393145707],
  [0, 0.5],
  [0.1, 0.539827837277029],
  [1.96, 0.9750021048517795],
  [2.9999, 0.998649658717045],
  [3.0001, 0.9986505450867392],
  [5, 0.9999997133484281],
  [8.25, 1],
  [9, 1],
])('P(Z <= %f) is %f to 13 digits', (z, exact) => {
  expect(Math.abs(normalCdf(z) / exact - 1)).toBeLessThan(1e-13)
})

test('infinitely far out it is 0 and 1', () => {
  expect(normalCdf(-Infinity)).toBe(0)
  expect(normalCdf(Infinity)).toBe(1)
  expect(normalCdf(Number.NaN)).toBeNaN()
})

// scipy 1.17, scipy.stats.norm.ppf.
test.each([
  [1e-300, -37.0470962993612],
  [1e-10, -6.361340902404056],
  [0.025, -1.9599639845400545],
  [0.3, -0.5244005127080409],
  [0.8, 0.8416212335729143],
  [0.9999999, 5.199337582290661],
])('the %f quantile is %f', (p, exact) => {
  expect(Math.abs(normalQuantile(p) / exact - 1)).toBeLessThan(1e-9)
  expect(normalQuantile(0.5)).toBe(0)
})
