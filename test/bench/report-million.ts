import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildReport } from '../../lib/lab/build-report.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { temporaryFolder } from '../store/example.ts'
import type { Figure } from './bound.ts'
import { synthesize } from './synthetic-store.ts'

// 3 quantizations × 3 numbers of clients in 4 blocks: 36 trials, 1,000,008 requests of 64 tokens.
const size = { requests: 27_778, blocks: 4, clients: [1, 4, 16], tokens: 64 }

/** A report on a million requests: from the store to the page and the packed CSV of all requests beside it. */
export async function reportMillion(): Promise<Figure[]> {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  const planId = stored(file)
  const first = await built(folder.path, file, planId)
  const second = await built(folder.path, file, planId)
  const { maxRSS } = process.resourceUsage()
  return [
    {
      what: 'report on a million requests, CSV beside it included',
      value: first.seconds,
      unit: 's',
      limit: { atMost: 10 },
    },
    { what: 'report on a million requests, page', value: first.bytes / 1e6, unit: 'MB', limit: { atMost: 5 } },
    // Making the store in the same process takes some of it.
    { what: 'report on a million requests, peak RSS', value: maxRSS / 1024, unit: 'MiB', limit: { atMost: 1024 } },
    {
      what: 'report on a million requests, digests when built twice',
      value: new Set([first.digest, second.digest]).size,
      unit: 'different',
      limit: { atMost: 1 },
    },
  ]
}

function stored(file: string): string {
  using store = openStore({ file, mode: 'write' })
  return synthesize(store, size)
}

async function built(folder: string, file: string, planId: string) {
  using store = openStore({ file, mode: 'read' })
  const start = performance.now()
  const { text: html } = await buildReport(store, planId, { cwd: folder, env: {}, path: 'report.html' })
  const seconds = (performance.now() - start) / 1000
  const beside = readFileSync(join(folder, `clients-${planId}.requests.csv.gz`))
  const digest = createHash('sha256').update(html).update(beside).digest('hex')
  return { seconds, bytes: Buffer.byteLength(html), digest }
}
