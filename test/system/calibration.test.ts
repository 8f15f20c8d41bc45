import { expect, test } from 'vitest'
import { calibrateClient } from '../../lib/lab/calibrate-client.ts'

test('a client is calibrated against servers of its own, which are gone afterwards', async () => {
  const calibration = await calibrateClient()
  if (calibration === undefined) throw new Error('not calibrated')
  const { ttftMs, gapErrorMs, sendLagMs, loopDelayMs, eventsPerSecond, cpuUsPerEvent } = calibration
  for (const { p50, p99, max } of [ttftMs, gapErrorMs, sendLagMs, loopDelayMs]) {
    expect(p50).toBeLessThanOrEqual(p99)
    expect(p99).toBeLessThanOrEqual(max)
  }
  // What no machine is too slow for: an answer takes some time, and events take some of a core.
  expect(ttftMs.p50).toBeGreaterThan(0)
  expect(gapErrorMs.max).toBeGreaterThan(0)
  expect(eventsPerSecond).toBeGreaterThan(1000)
  expect(cpuUsPerEvent).toBeGreaterThan(0)
}, 60_000)
