import { expect, test } from 'vitest'
import { readTelemetry } from '../../lib/store/read-telemetry.ts'
import { synthesize } from '../bench/synthetic-store.ts'
import { temporaryStore } from './example.ts'

test('of many samples peaks stay, the dips of a clock, and every reason for slower ones', () => {
  using lab = temporaryStore()
  synthesize(lab.store, { requests: 1, blocks: 1, clients: [1], tokens: 2 })
  lab.store.write(() => {
    lab.store.sql('DELETE FROM telemetry WHERE trial = 1').run()
    const insert = lab.store.sql(
      'INSERT INTO telemetry (trial, at_us, rss_bytes, gpu_sm_mhz, gpu_slowdowns) VALUES (1, ?, ?, ?, ?)',
    )
    for (let at = 0; at < 800; at += 1)
      insert.run(at * 1000, at === 17 ? 9000 : 1000, at === 18 ? 900 : 1900, [0x40, 0x100, 4][at - 11] ?? 4)
  })
  const [found] = readTelemetry(lab.store, [{ id: 1 }])
  expect([found?.n, found?.samples.length]).toEqual([800, 80])
  expect(found?.samples[1]).toEqual({ atUs: 10_000, rssBytes: 9000, gpuSmMhz: 900, gpuSlowdowns: 0x144 })
  expect(found?.samples[2]).toMatchObject({ rssBytes: 1000, gpuSmMhz: 1900, gpuSlowdowns: 4 })
})
