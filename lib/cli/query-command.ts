import { UserError } from '../domain/user-error.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { didYouMean } from '../domain/nearest.ts'
import { runQuery } from '../store/run-query.ts'
import type { CommonOptions, Io } from './io.ts'
import { queryFormats } from './query-formats.ts'
import { oneOf } from './one-of.ts'

export type QueryOptions = CommonOptions & { format: string }

/** Answers a query that reads. */
export async function query(sql: string, options: QueryOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const format = options.json ? 'json' : options.format
  const print = Object.hasOwn(queryFormats, format) ? queryFormats[format] : undefined
  if (print === undefined) {
    const names = Object.keys(queryFormats)
    throw new UserError(
      `--format is ${oneOf(names)}, got ${JSON.stringify(options.format)}${didYouMean(options.format, names)}`,
    )
  }
  print(runQuery(store, sql), io)
}
