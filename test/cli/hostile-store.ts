import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { perplexityLog } from '../../lib/exchange/perplexity-log.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { trialsToDerive } from '../../lib/store/measurements.ts'
import { keepImportedLog } from '../../lib/store/imported-logs.ts'
import { insertPost } from '../../lib/store/insert-post.ts'
import { openStore } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { examplePlan } from '../store/example.ts'
import { examplePost, examplePostOptions } from '../store/example-post.ts'
import { storePlan } from './stored-plan.ts'

/** Ends elements and scripts, opens templates, comments, links and formulas, hides, reverses, rings and clears. */
export const hostile =
  '=1+1<script>alert(1)</script><img src=x onerror=alert(2)></td></table><!-- {{x}} {{{y}}} ]]> "\'`&amp; [l](javascript:alert(3)) ' +
  '__proto__ \u202ereversed\u2066 \u200b\u0000 \u001b[2J\u001b]0;t\u0007\u009b1m \ud800 \r\nbenchbook: all is well'

/** Longer than anything that is to be shown. */
const million = 'A'.repeat(1_000_000)

/** Words that code decides by, and not text: a worker, not a stranger, writes them. */
const fixedWords = new Set(
  `completion chat perplexity kl-divergence prefill-decode fixed natural closed path random quantize llama.cpp
local cpu gguf safetensors ok failed stopped refused stall crashed contention clock-gap format
excluded does-not-fit target-missing linux darwin`.split(/\s+/),
)
/** Names that rows refer to each other by; all others are text of somebody. */
const names = new Set(
  `plan.id imported_log.digest imported_log.text_digest artifact.digest prompt.digest manifest.digest manifest.setup cell.plan cell.cell_id
cell.artifact session.plan launch.plan launch.manifest experiment.digest`.split(/\s+/),
)
/** Columns of a fixed vocabulary, which the schema checks or the worker's records are typed by. */
const vocabulary = /\.(status|phase|part|finish|reason|tokens_from|unused|role)$/
/** Where a text may be as long as anybody likes. */
const long = /^(experiment\.(title|question|text)|plan\.command|prompt\.text|trial\.detail|request\.(detail|output))$/

/** Fills every column of text, and every string and some keys inside of JSON, of a store with a failed and an invalid trial. */
export function storeHostilePlan(file: string): { columns: string[] } {
  storePlan(file, 'complete', {
    skipped: [{ axes: { model: 'x' }, reason: 'format', detail: 'no file' }],
    experiment: { ...examplePlan().experiment, question: 'Why?' },
  })
  {
    using store = openStore({ file, mode: 'write' })
    insertPost(store, examplePost, examplePostOptions)
    for (const [name, digest] of Object.entries(importedDigests)) importLog(store, name, digest)
    for (const trial of trialsToDerive(store, examplePlan().id)) deriveMeasurements(store, trial)
  }
  const database = new Database(file)
  try {
    prepare(database)
    const columns = textColumns(database).filter((column) => !names.has(column) && !vocabulary.test(column))
    for (const column of columns) fill(database, column)
    return { columns: columns.filter((column) => isFilled(database, column)) }
  } finally {
    database.close()
  }
}

/** Of the imported logs. */
export const importedDigests = { f16: '1'.repeat(64), q4_0: '2'.repeat(64) }

function importLog(store: Store, quantization: string, digest: string): void {
  const file = `${quantization}.log`
  const log = perplexityLog(readFileSync(`test/exchange/llama-perplexity/${file}`, 'utf8'))
  const labels = { model: 'demo', quantization, textDigest: '0'.repeat(64) }
  keepImportedLog(store, { build: 'x', ...log, ...labels, digest, file, importedAtMs: 1 })
}

/** So that what is usually NULL holds something. */
function prepare(database: Database.Database): void {
  const outcome = JSON.stringify({ status: 'failed', reason: 'crashed', detail: 'x', logTail: 'x' })
  database.exec(`
    UPDATE session SET status = 'running', ended_at_ms = NULL, host = 'x', pid = 1, pid_start = '1', heartbeat_ms = 1;
    UPDATE plan SET compare = '{"treatment":["quantization"]}';
    UPDATE trial SET invalid = '[{"reason":"contention","detail":"x"}]' WHERE id = 2;
    UPDATE trial SET status = 'failed', reason = 'crashed', detail = 'x' WHERE id = 4;
    UPDATE request SET status = 'failed', finish = NULL, reason = 'stall', detail = 'x' WHERE trial = 4;`)
  database.prepare(`UPDATE launch SET status = 'failed', outcome = ? WHERE id = 2`).run(outcome)
}

export function textColumns(database: Database.Database): string[] {
  return database
    .prepare<[], { name: string }>(
      `SELECT s.name || '.' || c.name AS name FROM sqlite_schema s, pragma_table_info(s.name) c
       WHERE s.type = 'table' AND c.type = 'TEXT' ORDER BY 1`,
    )
    .all()
    .map(({ name }) => name)
}

function isFilled(database: Database.Database, column: string): boolean {
  const [table = '', name = ''] = column.split('.')
  const values = database.prepare<[], string | null>(`SELECT ${name} FROM ${table}`).pluck().all()
  return values.some((value) => value?.includes('all is well'))
}

function fill(database: Database.Database, column: string): void {
  const [table = '', name = ''] = column.split('.')
  const rows = database.prepare<[], { id: number; value: string | null }>(
    `SELECT rowid AS id, ${name} AS value FROM ${table}`,
  )
  const update = database.prepare(`UPDATE ${table} SET ${name} = ? WHERE rowid = ?`)
  const all = rows.all().filter(({ value }) => value !== null)
  const first = all[0]?.id
  for (const { id, value } of all)
    if (value !== null) update.run(hostileText(value, long.test(column) && id === first, column), id)
}

function hostileText(value: string, isLong: boolean, column: string): string {
  if (/^[[{]/.test(value)) return JSON.stringify(hostileJson(JSON.parse(value), column === 'cell.axes'))
  return isLong ? hostile + million : `${value}${hostile}`
}

/** Keys are kept, but for axes, which a file names. */
function hostileJson(value: unknown, keys: boolean): unknown {
  if (typeof value === 'string') return fixedWords.has(value) ? value : `${value}${hostile}`
  if (Array.isArray(value)) return value.map((item) => hostileJson(item, keys))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, hostileJson(item, false)] as const)
  return Object.fromEntries(keys ? [...entries, [hostile, hostile], ['__proto__', 'polluted']] : entries)
}
