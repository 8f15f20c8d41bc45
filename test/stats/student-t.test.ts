import { expect, test } from 'vitest'
import { studentTCdf, studentTQuantile } from '../../lib/stats/student-t.ts'

const probabilities = [0.51, 0.75, 0.9, 0.975, 0.995, 0.9995, 0.99999]

// Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.10.
test.each([
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.995, 5, 4.032],
  [0.975, 9, 2.262],
  [0.95, 19, 1.729],
  [0.975, 30, 2.042],
  [0.9995, 3, 12.924],
  [0.975, 120, 1.98],
])('the %f quantile with %i degrees of freedom is the published %f', (p, degrees, published) => {
  expect(studentTQuantile(p, degrees)).toBeCloseTo(published, 3)
})

// scipy 1.17, scipy.stats.t.ppf; degrees of freedom need not be whole (Welch).
test.each([
  [0.975, 9, 2.2621571627982],
  [0.975, 4.7, 2.62072607535317],
  [0.995, 5.5, 3.8499114660010356],
  [0.6, 0.5, 0.3979754267847907],
  [0.9999999, 7.25, 18.85099340460161],
  [0.975, 1e6, 1.959966356814107],
])('the %f quantile with %f degrees of freedom is good to eight digits', (p, degrees, exact) => {
  expect(studentTQuantile(p, degrees) / exact).toBeCloseTo(1, 8)
})

test('with one and two degrees of freedom it equals the closed forms', () => {
  for (const p of probabilities) {
    expect(studentTQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 10)
    expect(studentTQuantile(p, 2) / ((2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeCloseTo(1, 10)
  }
})

test('it is symmetric about 0', () => {
  expect(studentTQuantile(0.5, 3)).toBe(0)
  expect(studentTQuantile(0.025, 9)).toBeCloseTo(-studentTQuantile(0.975, 9), 9)
})

test('more degrees of freedom never widen it', () => {
  for (const p of probabilities)
    for (let degrees = 1; degrees < 60; degrees += 1)
      expect(studentTQuantile(p, degrees + 1)).toBeLessThan(studentTQuantile(p, degrees))
})

// scipy 1.17, scipy.stats.t.cdf.
test.each([
  [-2.5, 4.7, 0.02879607967343366],
  [1, 9, 0.8282818019310432],
  [0, 3, 0.5],
  [12, 1, 0.9735353239404101],
  [-40, 2.5, 7.09781714524669e-5],
])('P(T <= %f) with %f degrees of freedom is %f', (t, degrees, exact) => {
  expect(studentTCdf(t, degrees) / exact).toBeCloseTo(1, 10)
})
