import { statSync } from 'node:fs'
import type { SpoolRecord } from '../../lib/domain/record.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { exampleRequest, startedPlan, temporaryFolder } from '../store/example.ts'
import type { Figure } from './bound.ts'

const events = 1_000_000
const perRequest = 250
const group = 250

/** A million token events of some 3 ms each, in groups as the runner commits them. */
export async function storeEvents(): Promise<Figure[]> {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  const records = requestRecords()
  const { before, seconds } = commitAll(file, records)
  const bytes = (statSync(file).size - before) / events
  return [
    { what: 'storing a million token events', value: seconds, unit: 's', limit: { atMost: 2 } },
    { what: 'storing a million token events, file', value: bytes, unit: 'bytes each', limit: { atMost: 6 } },
  ]
}

/** The store is closed before and after, which brings the write-ahead log into the file. */
function commitAll(file: string, records: readonly SpoolRecord[]): { before: number; seconds: number } {
  const launchId = startPlan(file)
  const before = statSync(file).size
  using store = openStore({ file, mode: 'write' })
  const start = performance.now()
  for (let from = 0; from < records.length; from += group)
    commitRecords(store, { launchId, records: records.slice(from, from + group), endOffset: from + group })
  return { before, seconds: (performance.now() - start) / 1000 }
}

function startPlan(file: string): number {
  using store = openStore({ file, mode: 'write' })
  return startedPlan(store).launchId
}

function requestRecords(): SpoolRecord[] {
  const random = randomSequence(1)
  const deltasUs = () => Array.from({ length: perRequest }, () => 2500 + Math.floor(random() * 1500))
  return Array.from({ length: events / perRequest }, (_, at) => ({
    ...exampleRequest,
    n: at + 1,
    kind: 'request' as const,
    trialId: 1,
    index: at,
    outputTokens: perRequest,
    events: { deltasUs: deltasUs() },
  }))
}
