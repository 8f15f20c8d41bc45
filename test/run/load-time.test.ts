import { expect, test } from 'vitest'
import type { LoadConfig } from '../../lib/domain/cell.ts'
import { loadTimeMs } from '../../lib/run/load-time.ts'

const open = { clients: 8, seed: 1 }
const times: [LoadConfig, number | undefined][] = [
  [{ kind: 'closed', clients: 1, requests: 5 }, undefined],
  [{ kind: 'closed', clients: 1, durationMs: 5000 }, 5000],
  [{ kind: 'poisson', ratePerSecond: 4, ...open, durationMs: 7000 }, 7000],
  [{ kind: 'poisson', ratePerSecond: 4, ...open, requests: 41 }, 10_000],
  [{ kind: 'gamma', variation: 2, ratePerSecond: 'auto', ...open, requests: 41 }, undefined],
  [{ kind: 'burst', size: 10, everyMs: 500, ...open, requests: 25 }, 1000],
  [{ kind: 'ramp', fromPerSecond: 0, toPerSecond: 10, ...open, requests: 51 }, 10_000],
  [{ kind: 'trace', file: 't', arrivalsMs: [0, 10, 30], speed: 2, ...open, requests: 3 }, 15],
]

test.for(times)('%o sends for %s ms', ([load, ms]) => {
  expect(loadTimeMs(load)).toBe(ms)
})
