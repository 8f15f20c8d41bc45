import { tables } from './schema.ts'
import { version2 } from './schema-2.ts'
import { version3 } from './schema-3.ts'
import { version4 } from './schema-4.ts'
import { views } from './views.ts'

/** Marks a SQLite file as a store of ours: "BnBk". */
export const applicationId = 0x426e426b

/**
 * What leads from each version of the store to the next. An entry that was released is never edited: a change of the tables
 * is a new entry, and one of the views is a new entry that is only `views`. Only the last entry makes the views: those of the
 * versions before speak of columns that their tables do not have.
 */
export const migrations: readonly string[] = [tables, version2, version3, version4 + views]
