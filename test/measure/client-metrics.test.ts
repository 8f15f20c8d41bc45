import { describe, expect, test } from 'vitest'
import type { ClientHealth } from '../../lib/domain/record.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { completion } from './requests.ts'

const client: ClientHealth = {
  processes: 2,
  cpuCores: 0.7,
  loopDelayMs: { p50: 0.02, p99: 0.4, max: 3 },
  events: 300,
  reads: 200,
  eventsPerRead: { p50: 1, p99: 3, max: 8 },
}
const open = { kind: 'poisson', clients: 4, seed: 1, ratePerSecond: 10, requests: 2 } as const
const late = completion({ scheduledUs: 0, sentUs: 9000, poolWaitUs: 5000, connectUs: 1000 })
const punctual = completion({ scheduledUs: 0, sentUs: 1000 })

test('the client alone is what is left of the wait for a client and a connection', () => {
  const { send_lag_ms, pool_wait_ms, ttft_scheduled_ms } = deriveTrial({
    requests: [late, punctual],
    memory: [],
    load: open,
    client,
  })
  expect(send_lag_ms).toEqual({ value: 2, n: 2, median: 2 }) // 3 and 1 ms
  expect(pool_wait_ms).toEqual({ value: 2.5, n: 2, median: 2.5 })
  expect(ttft_scheduled_ms?.n).toBe(2)
})

test('what the client says of itself is told as it is', () => {
  const metrics = deriveTrial({ requests: [punctual], memory: [], load: open, client })
  expect(metrics.loop_delay_ms).toEqual({ value: 0.4, median: 0.02, p99: 0.4 })
  expect(metrics.events_per_read).toEqual({ value: 1.5, n: 200, median: 1, p99: 3 })
  expect(metrics.client_cores).toEqual({ value: 0.7 })
})

test('a client to which no event came has no events per read', () => {
  const none = { ...client, events: 0, reads: 0 }
  expect(deriveTrial({ requests: [punctual], memory: [], client: none })).not.toHaveProperty('events_per_read')
})

test('a closed load waits for no client, and an engine in the process has no client of its own', () => {
  const closed = { kind: 'closed', clients: 1, requests: 1 } as const
  expect(deriveTrial({ requests: [punctual], memory: [], load: closed, client })).not.toHaveProperty('pool_wait_ms')
  expect(Object.keys(deriveTrial({ requests: [punctual], memory: [], load: closed }))).not.toContain('send_lag_ms')
})

test('a queue that a late client hides is in the times from the schedule alone', () => {
  // The server answers each request 100 ms after it came; the client lets one go per second where ten were due.
  const requests = Array.from({ length: 10 }, (_, i) => completion({ scheduledUs: i * 100_000, sentUs: i * 1_000_000 }))
  const { ttft_ms, ttft_scheduled_ms, send_lag_ms } = deriveTrial({ requests, memory: [], load: open, client })
  expect(ttft_ms?.median).toBe(100)
  expect(ttft_scheduled_ms?.median).toBeCloseTo(4150, 9)
  expect(send_lag_ms?.median).toBeCloseTo(4050, 9)
})

const sent = (id: number, sentUs: number, doneUs: number) =>
  completion({ client: id, scheduledUs: sentUs, sentUs, doneUs })

describe('requests under way', () => {
  test('are as many as clients where each is always at work', () => {
    const requests = [sent(0, 0, 500_000), sent(0, 500_000, 500_000), sent(1, 0, 1_000_000)]
    expect(deriveTrial({ requests, memory: [] }).concurrency).toEqual({ value: 2, n: 3 })
  })

  test('count only inside the window, which of an open load ends with its last arrival', () => {
    // Under way from 0 to 300 and from 500 to 800 ms, then from 1000 ms on, when the last arrives.
    const requests = [sent(0, 0, 300_000), sent(1, 500_000, 300_000), sent(0, 1_000_000, 300_000)]
    const { concurrency, request_rate } = deriveTrial({ requests, memory: [], load: open })
    expect(concurrency).toEqual({ value: 0.6, n: 3 })
    expect(request_rate).toEqual({ value: 2, n: 2 })
  })

  test('of one burst alone are counted until it has ended', () => {
    const requests = [sent(0, 0, 400_000), sent(1, 0, 800_000)]
    expect(deriveTrial({ requests, memory: [], load: open }).concurrency?.value).toBeCloseTo(1.5, 9)
  })
})
