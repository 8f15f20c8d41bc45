import type { Store } from './store.ts'

/** A row as it is kept: JSON is text, and what is absent is left out. */
export type Row = Readonly<Record<string, string | number>>

const ofPlan = 'plan = ?'
const launches = 'SELECT id FROM launch WHERE plan = ?'
const trials = `SELECT id FROM trial WHERE launch IN (${launches})`

/** Which rows of a table belong to a plan, and in which order; a table comes after those that it refers to. */
const scopes = {
  experiment: 'id = (SELECT experiment FROM plan WHERE id = ?)',
  plan: 'id = ?',
  artifact: 'digest IN (SELECT artifact FROM cell WHERE plan = ?) ORDER BY digest',
  cell: `${ofPlan} ORDER BY id`,
  session: `${ofPlan} ORDER BY id`,
  manifest: 'digest IN (SELECT manifest FROM launch WHERE plan = ?) ORDER BY digest',
  launch: `${ofPlan} ORDER BY id`,
  trial: `launch IN (${launches}) ORDER BY id`,
  request: `trial IN (${trials}) ORDER BY id`,
  telemetry: `trial IN (${trials}) ORDER BY trial, at_us, rowid`,
} as const

export type PlanTable = keyof typeof scopes | 'prompt' | 'measurement'

type Columns = { columns: readonly string[] }

/** The rows of a plan in a table; of `measurement` those of its trials, then those of its requests. For prompts see `promptRow`. */
export function* planRows(
  store: Store,
  { planId, table, columns }: Columns & { planId: string; table: Exclude<PlanTable, 'prompt'> },
): Generator<Row> {
  const named = columns.join(', ')
  if (table !== 'measurement') {
    yield* each(store, `SELECT ${named} FROM ${table} WHERE ${scopes[table]}`, planId)
    return
  }
  yield* each(store, `SELECT ${named} FROM measurement WHERE trial IN (${trials}) ORDER BY trial`, planId)
  const requests = `SELECT id FROM request WHERE trial IN (${trials})`
  yield* each(store, `SELECT ${named} FROM measurement WHERE request IN (${requests}) ORDER BY request`, planId)
}

/** Hands on what is read meanwhile, all of it from one state of the store. */
export function* inOneState<T>(store: Store, rows: () => Iterable<T>): Generator<T> {
  store.sql('BEGIN').run()
  try {
    yield* rows()
  } finally {
    store.sql('COMMIT').run()
  }
}

/** The prompt of that number. */
export function promptRow(store: Store, id: number): Row | undefined {
  const row = store.read(() => store.sql<Nullable>('SELECT id, digest, text FROM prompt WHERE id = ?').get(id))
  return row && present(row)
}

/** The prompt's text of which that is the digest, where a plan of this store has it. */
export function textByDigest(store: Store, digest: string): string | undefined {
  const row = store.read(() => store.sql<{ text: string }>('SELECT text FROM prompt WHERE digest = ?').get(digest))
  return row?.text
}

/** What the cells of this store say beside the texts of their prompts: messages of the system, what answers are held to, names. */
export function workloadTexts(store: Store): string[] {
  const query = `SELECT DISTINCT t.value AS text FROM cell, json_tree(cell.config, '$.workload') t WHERE t.type = 'text'`
  return store.read(() => store.sql<{ text: string }>(query).all()).map(({ text }) => text)
}

/** Puts a row into a table as it is. Throws where the table refuses it. */
export function insertRow(store: Store, { table, columns, row }: Columns & { table: PlanTable; row: Row }): void {
  const marks = columns.map(() => '?').join(', ')
  store
    .sql(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
    .run(columns.map((column) => row[column] ?? null))
}

type Nullable = Record<string, string | number | null>

function* each(store: Store, query: string, planId: string): Generator<Row> {
  for (const row of store.sql<Nullable>(query).iterate(planId)) yield present(row)
}

function present(row: Nullable): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row
}
