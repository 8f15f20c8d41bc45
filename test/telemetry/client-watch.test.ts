import { expect, test } from 'vitest'
import type { ClientHealth } from '../../lib/domain/record.ts'
import { ClientWatch, mergeHealth } from '../../lib/telemetry/client-watch.ts'

test('a client that computes instead of looking is late, and its CPU is counted', () => {
  const watch = new ClientWatch()
  const until = performance.now() + 100
  while (performance.now() < until);
  const { cpuCores, loopDelayMs, processes } = watch.end()
  expect(processes).toBe(1)
  expect(cpuCores).toBeGreaterThan(0.1)
  // Of 100 ms all but the first 11 are beyond what a timer may be late; what is due meanwhile is late by less and less.
  expect(loopDelayMs.max).toBeGreaterThan(80)
  expect(loopDelayMs.p50).toBeGreaterThan(30)
  expect(loopDelayMs.p50).toBeLessThan(loopDelayMs.max)
})

test('the events of measured requests are counted, answered or not, and no warm-up', () => {
  const watch = new ClientWatch()
  watch.request({ phase: 'warmup', events: { deltasUs: [1, 1] } })
  watch.request({ phase: 'measured', events: { deltasUs: [1, 1, 0, 0], reads: [0, 1, 1, 1] } })
  watch.request({ phase: 'measured' })
  const { events, reads, eventsPerRead } = watch.end()
  expect({ events, reads, eventsPerRead }).toEqual({ events: 4, reads: 2, eventsPerRead: { p50: 1, p99: 3, max: 3 } })
})

test('several processes have a precedence that each of them has', () => {
  const both = { realTime: true, awake: true }
  const health = (precedence: typeof both) => new ClientWatch(precedence).end()
  expect(health(both).precedence).toEqual(both)
  expect(mergeHealth([health(both), health({ ...both, awake: false })])?.precedence).toEqual({ ...both, awake: false })
  expect(new ClientWatch().end().precedence).toBeUndefined()
})

test('requests are counted while they are under way, beside their records', async () => {
  const watch = new ClientWatch()
  const both = Promise.withResolvers<string>()
  const sent = [watch.around(() => both.promise), watch.around(() => both.promise)]
  const until = performance.now() + 20
  while (performance.now() < until);
  both.resolve('answered')
  expect(await Promise.all(sent)).toEqual(['answered', 'answered'])
  await expect(watch.around(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  const { underWay } = watch.end()
  expect(underWay?.requests).toBe(3)
  expect(underWay?.seconds).toBeGreaterThanOrEqual(0.04)
  expect(underWay?.stretchSeconds).toBeLessThanOrEqual(underWay?.seconds as number) // two were under way at once
})

test('of several processes the worst is told, and what all of them did', () => {
  const one: ClientHealth = {
    processes: 1,
    cpuCores: 0.4,
    loopDelayMs: { p50: 0, p99: 0.5, max: 9 },
    events: 100,
    reads: 90,
    eventsPerRead: { p50: 1, p99: 2, max: 3 },
    underWay: { requests: 4, seconds: 2, stretchSeconds: 1 },
  }
  const other = { ...one, cpuCores: 0.2, loopDelayMs: { p50: 0.1, p99: 0.2, max: 3 }, reads: 50 }
  expect(mergeHealth([one, other])).toEqual({
    processes: 2,
    cpuCores: 0.6,
    loopDelayMs: { p50: 0.1, p99: 0.5, max: 9 },
    events: 200,
    reads: 140,
    eventsPerRead: { p50: 1, p99: 2, max: 3 },
    underWay: { requests: 8, seconds: 4, stretchSeconds: 1 },
  })
  expect(mergeHealth([])).toBeUndefined()
})
