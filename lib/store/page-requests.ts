import type { Store } from './store.ts'

/** What every row has beside the columns that were asked for: its place in the spool, and its metrics as JSON. */
export type Paged<Row> = Row & { record: number; metrics: string | null }

/**
 * The requests of a trial in the order of the spool, `columns` of each (SQL over `request r`): a page at a time, so that a
 * million of them need no more memory than a few thousand, and others can use the store between pages.
 */
export function* pageRequests<Row>(
  store: Store,
  columns: string,
  { trialId, pageRows = 2000 }: { trialId: number; pageRows?: number },
): Generator<Paged<Row>[]> {
  const page = `SELECT ${columns}, r.record, m.metrics FROM request r LEFT JOIN measurement m ON m.request = r.id
    WHERE r.trial = ? AND r.record > ? ORDER BY r.record LIMIT ?`
  for (let after = -1, full = true; full;) {
    const rows = store.read(() => store.sql<Paged<Row>>(page).all(trialId, after, pageRows))
    full = rows.length === pageRows
    after = rows.at(-1)?.record ?? after
    yield rows
  }
}
