import type { CheckedClaim, PublishedPost, PublishedTable } from '../domain/published.ts'
import { orNull } from './columns.ts'
import { digestOf } from './digest.ts'
import type { Store } from './store.ts'

/** A printed cell as a number; `undefined` for what is none. */
type NumberOf = (printed: string) => number | undefined

/** Keeps a post with what came of its claims, once: what is known is not written again. Gives its digest. */
export function insertPost(
  store: Store,
  post: PublishedPost,
  { claims, numberOf }: { claims: readonly CheckedClaim[]; numberOf: NumberOf },
): string {
  const digest = postDigest(post, claims)
  if (holdsPost(store, digest)) return digest
  store.write(() => {
    if (holdsPost(store, digest)) return // another program has kept it meanwhile
    const { lastInsertRowid } = store
      .sql('INSERT INTO published_post (name, digest, about) VALUES (?, ?, ?)')
      .run(post.name, digest, JSON.stringify(aboutOf(post)))
    const id = Number(lastInsertRowid)
    for (const table of post.tables) insertCells(store, id, { table, numberOf })
    for (const [ordinal, claim] of claims.entries()) insertClaim(store, id, { ordinal, claim })
  })
  return digest
}

/** What a post is known by in a store. The order of what is in it counts: pages show it in that order. */
export const postDigest = (post: PublishedPost, claims: readonly CheckedClaim[]): string =>
  digestOf(JSON.stringify({ post, claims }))

/** Whether a store has a post already; then it need not be written. */
export function holdsPost(store: Store, digest: string): boolean {
  return store.read(() => store.sql('SELECT 1 FROM published_post WHERE digest = ?').get(digest)) !== undefined
}

/** All but the cells. */
function aboutOf({ tables, ...rest }: PublishedPost) {
  return { ...rest, tables: tables.map(headOf) }
}

function headOf(table: PublishedTable) {
  const { rows: _, ...head } = table
  return head
}

function insertCells(
  store: Store,
  post: number,
  { table, numberOf }: { table: PublishedTable; numberOf: NumberOf },
): void {
  const insert = store.sql(
    `INSERT INTO published_value (post, table_name, ordinal, column_name, printed, value, line)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const [ordinal, { line, cells }] of table.rows.entries())
    for (const { name } of table.columns) {
      const printed = cells[name] ?? ''
      insert.run(post, table.name, ordinal, name, printed, orNull(numberOf(printed)), orNull(line))
    }
}

function insertClaim(store: Store, post: number, { ordinal, claim }: { ordinal: number; claim: CheckedClaim }): void {
  const { of, kind, formula, printed, lines, outcome } = claim
  store
    .sql(
      `INSERT INTO claim (post, ordinal, of, kind, formula, printed, lines, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(post, ordinal, of, kind, orNull(formula), orNull(printed), JSON.stringify(lines), JSON.stringify(outcome))
}
