import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { metrics } from '../../lib/domain/metric.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { runQuery } from '../../lib/store/run-query.ts'
import { startedPlan, temporaryStore } from './example.ts'

const text = readFileSync('data/store.md', 'utf8')

test('every example in data/store.md runs', () => {
  using lab = temporaryStore()
  startedPlan(lab.store)
  using store = openStore({ file: lab.file, mode: 'read' })
  const examples = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  expect(examples).toHaveLength(3)
  for (const sql of examples) expect(runQuery(store, sql).columns.length).toBeGreaterThan(0)
})

test('every table, view, metric and column of a view is described in data/store.md', () => {
  using lab = temporaryStore()
  const names = lab.store.read(() => [
    ...lab.store.sql<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')`).all(),
    ...lab.store
      .sql<{ name: string }>(`SELECT c.name FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'view'`)
      .all(),
  ])
  const missing = [...names.map((row) => row.name), ...Object.keys(metrics)].filter(
    (name) => !text.includes(`\`${name}\``),
  )
  expect(missing).toEqual([])
})
