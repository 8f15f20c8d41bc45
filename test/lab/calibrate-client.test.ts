import { expect, test } from 'vitest'
import { calibrateClient, calibrationWords } from '../../lib/lab/calibrate-client.ts'

const spread = (p99: number) => ({ p50: 0, p99, max: 9 })

test('what a client adds is told in one line', () => {
  const calibration = {
    atMs: 0,
    ttftMs: spread(0.1234),
    gapErrorMs: spread(0.2),
    sendLagMs: spread(0.31),
    loopDelayMs: spread(0),
    eventsPerSecond: 210_000,
    cpuUsPerEvent: 2,
  }
  expect(calibrationWords(calibration)).toBe(
    'adds 0.12 ms to TTFT and 0.2 ms to a gap between events, sends 0.31 ms late (each at p99), takes 210,000 events/s in one process',
  )
  expect(calibrationWords({ ...calibration, precedence: { realTime: true, awake: false } })).toMatch(
    /in one process; it runs before ordinary programs$/,
  )
})

test('who has stopped is not made to wait for a calibration', async () => {
  expect(await calibrateClient(AbortSignal.abort())).toBeUndefined()
})
