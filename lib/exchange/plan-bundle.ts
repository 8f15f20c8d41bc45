import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { gzipSync } from 'node:zlib'
import type { JsonValue } from '../domain/json.ts'
import { inOneState, planRows, promptRow, type Row } from '../store/plan-rows.ts'
import type { Store } from '../store/store.ts'
import { type BundleTable, bundleFormat, bundleTables, bundleVersion } from './bundle-tables.ts'
import { keptPrivate } from './kept-private.ts'
import { textsLeftOut } from './left-out-text.ts'

export type BundleOptions = {
  planId: string
  /** In place of prompts, answers and the experiment's file their digests. */
  texts?: 'all' | 'digests'
  /** The user's home folder, which nobody else has to know. */
  home?: string
}

type Fields = Readonly<Record<string, JsonValue>>

const bytesAtOnce = 4 * 2 ** 20

/** A bundle as it is written, packed with gzip in parts that follow each other: the same lines give the same bytes on one machine. */
export function* packedBundle(store: Store, options: BundleOptions): Generator<Uint8Array> {
  let waiting: string[] = []
  let bytes = 0
  for (const line of planBundle(store, options)) {
    waiting.push(line)
    bytes += line.length
    if (bytes < bytesAtOnce) continue
    yield packed(waiting)
    waiting = []
    bytes = 0
  }
  yield packed(waiting)
}

function packed(lines: readonly string[]): Uint8Array {
  const member = gzipSync(lines.join(''), { level: 9 })
  member[9] = 255 // the system that packed it: nobody's business
  return member
}

/**
 * A plan as a bundle, with which others can measure it again: JSON Lines, a row of a table in each, between a head and an end
 * that has the digest of it all. The same plan in the same state gives the same lines. Bytes of streams are not in it.
 */
export function* planBundle(
  store: Store,
  { planId, texts = 'all', home = homedir() }: BundleOptions,
): Generator<string> {
  const hash = createHash('sha256')
  const line = (value: Fields | object) => {
    const text = `${JSON.stringify(value)}\n`
    hash.update(text)
    return text
  }
  yield line({ format: bundleFormat, version: bundleVersion, plan: planId, texts })
  const rows: Record<string, number> = {}
  const hide = keptPrivate(store, planId, home)
  for (const { table, fields } of inOneState(store, () => allRows(store, planId))) {
    const { name } = table
    rows[name] = (rows[name] ?? 0) + 1
    yield line({ in: name, ...handedOn(name, texts === 'all' ? fields : textsLeftOut(name, fields), hide) })
  }
  yield `${JSON.stringify({ end: { rows, sha256: hash.digest('hex') } })}\n`
}

/** What was asked and answered is handed on as it was, or not at all; nor do numbers say where somebody lives. */
function handedOn(name: BundleTable['name'], fields: Fields, hide: (fields: Fields) => Fields): Fields {
  if (name === 'prompt' || name === 'telemetry') return fields
  if (name !== 'request') return hide(fields)
  const { detail } = fields
  return detail === undefined ? fields : { ...fields, ...hide({ detail }) }
}

type Entry = { table: BundleTable; fields: Fields }

function* allRows(store: Store, planId: string): Generator<Entry> {
  const prompts = new Set<number>()
  for (const table of bundleTables) {
    const { name, columns } = table
    const rows = name === 'prompt' ? promptRows(store, prompts) : planRows(store, { planId, table: name, columns })
    for (const row of rows) {
      const fields = parsed(row, table)
      if (name === 'cell') for (const id of promptsOf(fields)) prompts.add(id)
      yield { table, fields }
    }
  }
}

function* promptRows(store: Store, ids: ReadonlySet<number>): Generator<Row> {
  for (const id of [...ids].toSorted((a, b) => a - b)) {
    const row = promptRow(store, id)
    if (row !== undefined) yield row
  }
}

function parsed(row: Row, { columns, json }: BundleTable): Fields {
  const fields = columns.flatMap((column): [string, JsonValue][] => {
    const value = row[column]
    if (value === undefined) return []
    return [[column, json.includes(column) ? (JSON.parse(value as string) as JsonValue) : value]]
  })
  return Object.fromEntries(fields)
}

type StoredPrompt = { prompt: number; followUps?: readonly number[] }

/** The numbers of the texts that a cell asks. */
function promptsOf({ config }: Fields): number[] {
  const { workload } = config as unknown as { workload: { prompts?: readonly StoredPrompt[]; text?: StoredPrompt } }
  const all = [...(workload.prompts ?? []), ...(workload.text === undefined ? [] : [workload.text])]
  return all.flatMap(({ prompt, followUps = [] }) => [prompt, ...followUps])
}
