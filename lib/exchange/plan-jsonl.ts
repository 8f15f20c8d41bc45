import type { Store } from '../store/store.ts'
import { requestTable } from './request-table.ts'

/** A plan as JSON Lines: an object per request, with every column of the table in the same order. */
export function* planJsonl(store: Store, planId: string): Generator<string> {
  const { columns, rows } = requestTable(store, planId)
  const names = columns.map(({ name }) => name)
  for (const row of rows) yield `${JSON.stringify(row, names)}\n`
}
