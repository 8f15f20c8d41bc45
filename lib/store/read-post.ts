import type { CheckedClaim, ClaimOutcome, PublishedPost, PublishedRow, PublishedTable } from '../domain/published.ts'
import { type Nullable, present } from './columns.ts'
import type { Store } from './store.ts'

/** A post as the store has it. */
export type StoredPost = { digest: string; post: PublishedPost; claims: readonly CheckedClaim[] }

type About = Omit<PublishedPost, 'tables'> & { tables: readonly Omit<PublishedTable, 'rows'>[] }
type CellRow = { ordinal: number; column_name: string; printed: string; line: number | null }
type ClaimRow = Nullable<Pick<CheckedClaim, 'formula' | 'printed'>> &
  Pick<CheckedClaim, 'of' | 'kind'> & { lines: string; outcome: string }

/** A post by its digest. Throws where the store has none of it: whoever asks has put it there. */
export function readStoredPost(store: Store, digest: string): StoredPost {
  return store.read(() => {
    const row = store
      .sql<{ id: number; about: string }>('SELECT id, about FROM published_post WHERE digest = ?')
      .get(digest)
    if (row === undefined) throw new Error(`no post ${digest} in ${store.file}`)
    const { tables, ...about } = JSON.parse(row.about) as About
    const post = { ...about, tables: tables.map((table) => ({ ...table, rows: rowsOf(store, row.id, table.name) })) }
    return { digest, post, claims: claimsOf(store, row.id) }
  })
}

function rowsOf(store: Store, post: number, table: string): PublishedRow[] {
  const cells = store
    .sql<CellRow>(
      `SELECT ordinal, column_name, printed, line FROM published_value
       WHERE post = ? AND table_name = ? ORDER BY ordinal, column_name`,
    )
    .all(post, table)
  return [...Map.groupBy(cells, ({ ordinal }) => ordinal).values()].map((row) => ({
    ...(typeof row[0]?.line === 'number' && { line: row[0].line }),
    cells: Object.fromEntries(row.map(({ column_name, printed }) => [column_name, printed])),
  }))
}

function claimsOf(store: Store, post: number): CheckedClaim[] {
  return store
    .sql<ClaimRow>('SELECT of, kind, formula, printed, lines, outcome FROM claim WHERE post = ? ORDER BY ordinal')
    .all(post)
    .map(({ lines, outcome, ...rest }) => ({
      ...present(rest),
      lines: JSON.parse(lines) as number[],
      outcome: JSON.parse(outcome) as ClaimOutcome,
    }))
}
