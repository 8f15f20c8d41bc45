import type { ImportedLog, PerplexityLog } from '../domain/imported-log.ts'
import { UserError } from '../domain/user-error.ts'
import { orNull, present } from './columns.ts'
import type { Store } from './store.ts'

const idLength = 12

/** A log as it is given to the store. */
export type NewImport = Omit<ImportedLog, 'id'>

/** Keeps a log, once: of a file that is known nothing is changed, and `isNew` is false. */
export function keepImportedLog(store: Store, given: NewImport): { log: ImportedLog; isNew: boolean } {
  return store.write(() => {
    const known = find(store, given.digest)[0]
    if (known !== undefined) return { log: known, isNew: false }
    const { digest, file, importedAtMs, model, quantization, textDigest, ...log } = given
    store
      .sql(
        `INSERT INTO imported_log (digest, file, imported_at_ms, model, quantization, text_digest, log)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(digest, file, importedAtMs, orNull(model), orNull(quantization), orNull(textDigest), JSON.stringify(log))
    return { log: { ...given, id: digest.slice(0, idLength) }, isNew: true }
  })
}

/** All of a store, the latest first. */
export const listImportedLogs = (store: Store): ImportedLog[] => store.read(() => find(store, ''))

/** The log that a user named by its id or the start of it. Throws a `UserError` where there is none or where several start so. */
export function findImportedLog(store: Store, named: string): ImportedLog {
  const all = listImportedLogs(store)
  const found = named === '' ? [] : all.filter(({ digest }) => digest.startsWith(named))
  const [log, another] = found
  if (log !== undefined && another === undefined) return log
  const say = `import ${JSON.stringify(named)} in ${store.file}`
  if (log !== undefined)
    throw new UserError(`more than one ${say}: give more of the id: ${found.map(({ id }) => id).join(', ')}`)
  throw new UserError(
    all.length === 0
      ? `no ${say}; it has none yet: benchbook import FILE takes a log of llama-perplexity`
      : `no ${say}; \`benchbook import --list\` shows those it has`,
  )
}

/** Takes logs out of the store again. */
export function removeImportedLogs(store: Store, digests: readonly string[]): void {
  store.write(() => {
    for (const digest of digests) store.sql('DELETE FROM imported_log WHERE digest = ?').run(digest)
  })
}

type Row = {
  digest: string
  file: string
  importedAtMs: number
  model: string | null
  quantization: string | null
  textDigest: string | null
  log: string
}

function find(store: Store, start: string): ImportedLog[] {
  return store
    .sql<Row>(
      `SELECT digest, file, imported_at_ms AS importedAtMs, model, quantization, text_digest AS textDigest, log
       FROM imported_log WHERE substr(digest, 1, length(@start)) = @start ORDER BY imported_at_ms DESC, rowid DESC`,
    )
    .all({ start })
    .map(({ log, ...row }) => ({
      ...(JSON.parse(log) as PerplexityLog),
      ...present(row),
      id: row.digest.slice(0, idLength),
    }))
}
