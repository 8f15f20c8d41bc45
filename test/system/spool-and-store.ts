import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { SpoolRecord } from '../../lib/domain/record.ts'

type Request = { trial: number; record: number; promptId: string; doneUs: number; deltasUs: string | null }

type Compared = {
  /** In the store. */
  requests: number
  /** One sentence for each request that is lost, doubled or not as it was written. */
  differences: string[]
  /** What SQLite says of the store: `ok`. */
  integrity: string
}

/** Holds every request of every spool against the store: each is to be there exactly once, as it was written. */
export function comparedWithSpools(store: string): Compared {
  const database = new Database(store, { readonly: true })
  const stored = database
    .prepare<[], Request>(
      `SELECT trial, record, prompt_id AS promptId, done_us AS doneUs, event_deltas_us AS deltasUs
       FROM request ORDER BY trial, record`,
    )
    .all()
  const integrity = database.pragma('integrity_check', { simple: true }) as string
  database.close()
  const written = spools(`${store}.spool`).flatMap(requestsOf)
  const [inStore, inSpools] = [stored, written].map((requests) => Map.groupBy(requests, keyOf))
  const keys = new Set([...(inStore?.keys() ?? []), ...(inSpools?.keys() ?? [])])
  const differences = [...keys].flatMap((key) => {
    const [kept, had] = [inStore?.get(key) ?? [], inSpools?.get(key) ?? []]
    const isSame = kept.length === 1 && had.length === 1 && JSON.stringify(kept) === JSON.stringify(had)
    return isSame ? [] : [`${key}: ${had.length} in the spools, ${kept.length} in the store`]
  })
  return { requests: stored.length, differences, integrity }
}

const keyOf = ({ trial, record }: Request) => `trial ${trial}, record ${record}`

/** Asserts that every request of every spool is in the store exactly once, as it was written, and that the store is whole. */
export function expectSpoolsInStore(store: string): { requests: number } {
  const { requests, ...found } = comparedWithSpools(store)
  expect(found).toEqual({ differences: [], integrity: 'ok' })
  return { requests }
}

/** The folders of all launches. */
export function spools(root: string): string[] {
  return readdirSync(root).flatMap((plan) => readdirSync(join(root, plan)).map((launch) => join(root, plan, launch)))
}

function requestsOf(spool: string): Request[] {
  // A killed worker may leave half a record at the end, which is in flight and not finished.
  const lines = readFileSync(join(spool, 'records.ndjson'), 'utf8').split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line) as SpoolRecord)
    .filter((record) => record.kind === 'request')
    .map(({ n, trialId, promptId, doneUs, events }) => ({
      trial: trialId,
      record: n,
      promptId,
      doneUs,
      deltasUs: events === undefined ? null : JSON.stringify(events.deltasUs),
    }))
}
