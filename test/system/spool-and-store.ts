import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { SpoolRecord } from '../../lib/domain/record.ts'

type Request = { trial: number; record: number; promptId: string; doneUs: number; deltasUs: string | null }

/** Asserts that every request of every spool is in the store exactly once, as it was written, and that the store is whole. */
export function expectSpoolsInStore(store: string): { requests: number } {
  const database = new Database(store, { readonly: true })
  const stored = database
    .prepare<[], Request>(
      `SELECT trial, record, prompt_id AS promptId, done_us AS doneUs, event_deltas_us AS deltasUs
       FROM request ORDER BY trial, record`,
    )
    .all()
  const written = spools(`${store}.spool`).flatMap(requestsOf)
  const inOrder = written.toSorted((a, b) => a.trial - b.trial || a.record - b.record)
  expect(stored).toEqual(inOrder)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
  return { requests: stored.length }
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
