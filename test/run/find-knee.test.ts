import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { findKnee, type KneeOptions, roundedDown, type Tried } from '../../lib/run/find-knee.ts'

const range: KneeOptions = { from: 1, least: 0.05, most: 100_000 }
const tried = (ratePerSecond: number, goodput: number): Tried => ({
  probe: { ratePerSecond, goodput, requests: 100 },
  verdict: goodput >= 0.95 ? 'good' : 'missed',
})
/** A server that is good up to a rate, and above it keeps that many. */
const server = (capacity: number) => async (rate: number) => tried(rate, Math.min(1, capacity / rate))

test('the knee is found to within 5 % from below, wherever it is, in at most a dozen probes', async () => {
  for (const capacity of [0.06, 0.3, 1, 3.3, 7, 42, 180, 997, 2500]) {
    const { knee, probes } = await findKnee(server(capacity), range)
    const exact = capacity / 0.95 // where the goodput is 95 %
    expect(knee?.ratePerSecond).toBeLessThanOrEqual(exact)
    expect(knee?.ratePerSecond).toBeGreaterThan((0.95 * exact) / 1.05) // the step, and the rounding
    expect(probes.length).toBeLessThanOrEqual(12)
    expect(knee).not.toHaveProperty('atLeast')
  }
})

test('the probes are those rates that were tried, in order', async () => {
  const { probes } = await findKnee(server(42), range)
  expect(probes.map(({ ratePerSecond }) => ratePerSecond)).toEqual([1, 4, 16, 64, 32, 45.3, 38.1, 41.5, 43.4])
})

test('no rate is ever tried twice', async () => {
  for (const capacity of [0.2, 5, 64, 500]) {
    const rates = (await findKnee(server(capacity), range)).probes.map(({ ratePerSecond }) => ratePerSecond)
    expect(new Set(rates).size).toBe(rates.length)
  }
})

test('noise costs precision and not an end', async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = randomSequence(seed)
    const noisy = async (rate: number) => tried(rate, Math.min(1, 40 / rate) - 0.04 * random())
    const { knee, probes } = await findKnee(noisy, range)
    expect(knee?.ratePerSecond).toBeGreaterThan(35)
    expect(knee?.ratePerSecond).toBeLessThan(43)
    expect(probes.length).toBeLessThanOrEqual(12)
  }
})

test('a server that is never good has no knee, and the least rate was tried', async () => {
  const { knee, probes } = await findKnee(async (rate) => tried(rate, 0.3), range)
  expect(knee).toBeUndefined()
  expect(probes.map(({ ratePerSecond }) => ratePerSecond)).toEqual([1, 0.25, 0.0625, 0.05])
})

test('a server that is always good has its knee at the end of the range or above', async () => {
  const { knee } = await findKnee(async (rate) => tried(rate, 1), { ...range, most: 500 })
  expect(knee).toEqual({ ratePerSecond: 500, atLeast: 'range' })
})

/** Good, until the client is late. */
const busy = async (rate: number): Promise<Tried> =>
  rate > 100 ? { probe: { ...tried(rate, 0.99).probe, invalid: 'late' }, verdict: 'client' } : tried(rate, 1)

test('where the client was the limit the knee is a lower bound, and says so', async () => {
  const { knee } = await findKnee(busy, range)
  expect(knee?.atLeast).toBe('client')
  expect(knee?.ratePerSecond).toBeGreaterThan(90)
  expect(knee?.ratePerSecond).toBeLessThanOrEqual(100)
})

test('a rate is rounded down to what can be read', () => {
  expect([43.7, 10.7, 10.4, 207, 1234, 0.1239, 0.05, 20, 99.9, 1].map(roundedDown)).toEqual([
    43, 10.5, 10, 200, 1200, 0.12, 0.05, 20, 99, 1,
  ])
})

test('rounding down loses less than 5 %, and never rounds up', () => {
  for (let rate = 0.05; rate < 2000; rate *= 1.0173) {
    expect(roundedDown(rate)).toBeLessThanOrEqual(rate * (1 + 1e-9))
    expect(roundedDown(rate)).toBeGreaterThan(rate * 0.95)
  }
})
