import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { watchGpus } from '../../lib/telemetry/gpu-watch.ts'
import { cardId } from './gpu-lines.ts'

afterEach(() => vi.unstubAllEnvs())

// Prints what the documentation of a driver before 535 has, ours on the second of two cards, and goes on until it is stopped.
const standIn = `#!/bin/sh
case "$1" in
  *clocks_event_reasons*) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2 ;;
  --query-gpu=*)
    echo '0, 900, 600, 99, 80, 300.00, 1200, 0x0000000000000008, ${cardId(1)}'
    echo '1, 2048, 600, 57, 61, 80.66, 1380, 0x0000000000000001, ${cardId(2)}' ;;
  *) echo '${process.pid}, 512, ${cardId(2)}'; printf '${process.pid}, 9, GPU-0000' ;;
esac
exec sleep 60
`

test('a program on the PATH is asked by process and by card, and stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchbook-smi-'))
  writeFileSync(join(folder, 'nvidia-smi'), standIn)
  chmodSync(join(folder, 'nvidia-smi'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`)
  {
    await using gpus = watchGpus({ nowMs: () => 0, intervalMs: 500 })
    await vi.waitFor(
      () => {
        expect(gpus.sample([process.pid])).toEqual({
          vramBytes: 512 * 1024 * 1024,
          gpuUsedBytes: 2048 * 1024 * 1024,
          gpuReservedBytes: 600 * 1024 * 1024,
          gpuUtilization: 57,
          gpuCelsius: 61,
          gpuPowerW: 80.66,
          gpuSmMhz: 1380,
          gpuSlowdowns: 1,
        })
      },
      { timeout: 10_000, interval: 50 },
    )
  }
  rmSync(folder, { recursive: true })
})

test('where the program is missing nothing is known and nothing fails', async () => {
  await using gpus = watchGpus({ nowMs: () => 0, intervalMs: 250 })
  expect(gpus.sample([process.pid])).toEqual({})
})
