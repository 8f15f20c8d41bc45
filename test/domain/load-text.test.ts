import { expect, test } from 'vitest'
import type { LoadConfig } from '../../lib/domain/cell.ts'
import { loadText } from '../../lib/domain/load-text.ts'

test('a load is told in a few words', () => {
  const open = { clients: 64, seed: 1, requests: 10 }
  const loads: LoadConfig[] = [
    { kind: 'closed', clients: 1, requests: 1 },
    { kind: 'closed', clients: 8, durationMs: 1 },
    { kind: 'constant', ratePerSecond: 2.5, ...open },
    { kind: 'poisson', ratePerSecond: 'auto', ...open },
    { kind: 'gamma', ratePerSecond: 20, variation: 3, ...open },
    { kind: 'burst', size: 16, everyMs: 2500, ...open },
    { kind: 'ramp', fromPerSecond: 1, toPerSecond: 50, ...open },
    { kind: 'trace', file: 'data/t\u001b[2J.jsonl', arrivalsMs: [0], speed: 2, ...open },
  ]
  expect(loads.map(loadText)).toMatchInlineSnapshot(`
    [
      "1 client",
      "8 clients",
      "constant 2.5/s",
      "poisson at the knee",
      "gamma 20/s, variation 3",
      "16 every 2.5 s",
      "ramp 1 to 50/s",
      "trace data/t\\u{1b}[2J.jsonl at 2 times its speed",
    ]
  `)
})
