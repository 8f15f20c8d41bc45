import { describe, expect, test } from 'vitest'
import type { Arrivals, LoadEnd, OpenLoad } from '../../lib/domain/cell.ts'
import { arrivalSeed, arrivalsOf } from '../../lib/load/arrivals.ts'

const load = (arrivals: Arrivals, end: LoadEnd): OpenLoad => ({ clients: 64, seed: 42, ...end, ...arrivals })
const offsets = (arrivals: Arrivals, end: LoadEnd, seed = 7) => [...arrivalsOf(load(arrivals, end), seed)]
const gapsOf = (ns: readonly number[]) => ns.slice(1).map((at, i) => at - (ns[i] as number))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const variation = (values: readonly number[]) => {
  const m = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - m) ** 2))) / m
}
const rate = 500
const kinds: Arrivals[] = [
  { kind: 'constant', ratePerSecond: rate },
  { kind: 'poisson', ratePerSecond: rate },
  { kind: 'gamma', ratePerSecond: rate, variation: 3 },
  { kind: 'gamma', ratePerSecond: rate, variation: 0.3 },
  { kind: 'burst', size: 50, everyMs: 100 },
  { kind: 'ramp', fromPerSecond: 0, toPerSecond: 1000 },
  { kind: 'ramp', fromPerSecond: 900, toPerSecond: 100 },
  { kind: 'ramp', fromPerSecond: 500, toPerSecond: 500 },
]

describe.for(kinds)('%o', (arrivals) => {
  test('repeats the same arrivals for one seed', () => {
    expect(offsets(arrivals, { requests: 1000 })).toEqual(offsets(arrivals, { requests: 1000 }))
  })

  test('begins at 0 and never goes back, in whole nanoseconds', () => {
    const drawn = offsets(arrivals, { durationMs: 5000 })
    expect(drawn[0]).toBe(0)
    expect(gapsOf(drawn).every((gap) => gap >= 0)).toBe(true)
    expect(drawn.every(Number.isSafeInteger)).toBe(true)
  })

  test('keeps its rate and its end', () => {
    const drawn = offsets(arrivals, { durationMs: 100_000 })
    expect(drawn.length).toBeGreaterThan(50_000 * 0.97)
    expect(drawn.length).toBeLessThan(50_000 * 1.03)
    expect(drawn.at(-1)).toBeLessThan(100e9)
    expect(offsets(arrivals, { requests: 1234 })).toHaveLength(1234)
  })
})

const differing = kinds.filter(({ kind }) => kind === 'poisson' || kind === 'gamma' || kind === 'ramp')
test.for(differing)('%o differs from seed to seed', (arrivals) => {
  expect(offsets(arrivals, { requests: 20 }, 1)).not.toEqual(offsets(arrivals, { requests: 20 }, 2))
})

const five = (arrivals: Arrivals) => offsets(arrivals, { requests: 5 }, 42)
test('the arrivals of a seed are these, on every machine', () => {
  expect({
    poisson: five({ kind: 'poisson', ratePerSecond: 10 }),
    gamma: five({ kind: 'gamma', ratePerSecond: 10, variation: 2 }),
    even: five({ kind: 'gamma', ratePerSecond: 10, variation: 0.5 }),
    ramp: five({ kind: 'ramp', fromPerSecond: 1, toPerSecond: 9 }),
  }).toMatchInlineSnapshot(`
    {
      "even": [
        0,
        42890847,
        170955473,
        238115421,
        329808029,
      ],
      "gamma": [
        0,
        736445,
        4282948,
        147905882,
        362560990,
      ],
      "poisson": [
        0,
        91905393,
        151378767,
        342748289,
        453533991,
      ],
      "ramp": [
        0,
        396750004,
        546466530,
        851050760,
        953085478,
      ],
    }
  `)
})

test.for([0.1, 0.5, 1, 2, 4])('gaps vary by %f times their mean where that is asked for', (asked) => {
  const gaps = gapsOf(offsets({ kind: 'gamma', ratePerSecond: 1, variation: asked }, { requests: 200_000 }))
  expect(mean(gaps) / 1e9).toBeCloseTo(1, asked > 1 ? 1 : 2)
  expect(Math.abs(variation(gaps) / asked - 1)).toBeLessThan(0.02)
})

test('poisson gaps vary as much as their mean, and as many are over it as the exponential distribution says', () => {
  const gaps = gapsOf(offsets({ kind: 'poisson', ratePerSecond: 1 }, { requests: 200_000 }))
  expect(variation(gaps)).toBeCloseTo(1, 1)
  expect(gaps.filter((gap) => gap > 1e9).length / gaps.length).toBeCloseTo(Math.exp(-1), 2)
})

test.for([{ durationMs: 100_000 }, { requests: 100_000 }])(
  'a ramp has a quarter of its arrivals in its first half: %o',
  (end) => {
    const drawn = offsets({ kind: 'ramp', fromPerSecond: 0, toPerSecond: 2000 }, end)
    const firstHalf = drawn.filter((at) => at < 50e9).length
    expect(drawn).toHaveLength('requests' in end ? 100_000 : drawn.length)
    expect(firstHalf / drawn.length).toBeCloseTo(0.25, 2)
    expect(drawn.at(-1) as number).toBeLessThanOrEqual(100e9)
  },
)

test('bursts come whole, at equal distances', () => {
  expect(offsets({ kind: 'burst', size: 3, everyMs: 10 }, { requests: 7 })).toEqual([0, 0, 0, 1e7, 1e7, 1e7, 2e7])
})

test('a trace is played as it was recorded, or faster, and not beyond the end of the load', () => {
  const trace = { kind: 'trace', file: 't', arrivalsMs: [0, 1.5, 100] } as const
  expect(offsets({ ...trace, speed: 1 }, { requests: 10 })).toEqual([0, 1.5e6, 1e8])
  expect(offsets({ ...trace, speed: 2 }, { requests: 2 })).toEqual([0, 0.75e6])
  expect(offsets({ ...trace, speed: 1 }, { durationMs: 100 })).toEqual([0, 1.5e6])
})

test('a million arrivals are drawn one by one', () => {
  const drawn = arrivalsOf(load({ kind: 'poisson', ratePerSecond: 1000 }, { requests: 1_000_000 }), 1)
  let [count, last] = [0, 0]
  for (const at of drawn) [count, last] = [count + 1, at]
  expect(count).toBe(1_000_000)
  expect(last / 1e9).toBeCloseTo(1000, -1)
})

test('arms of a block get equal arrivals; blocks and seeds of the load do not', () => {
  expect(arrivalSeed(42, 5)).toBe(arrivalSeed(42, 5))
  expect(new Set([arrivalSeed(42, 5), arrivalSeed(42, 6), arrivalSeed(43, 5), arrivalSeed(0, 0)]).size).toBe(4)
})
