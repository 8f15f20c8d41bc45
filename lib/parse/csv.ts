import { CsvError, parse } from 'csv-parse/sync'
import type { Checked } from './problem.ts'
import type { SourceText } from './source-text.ts'

/** A table from outside: its head, and its rows with the line that each begins at. */
export type CsvTable = { head: readonly string[]; rows: readonly { at: number; cells: readonly string[] }[] }

/** Reads CSV as RFC 4180 has it; every row has as many cells as the head, and a name is there once. */
export function parseCsv({ file, text }: SourceText): Checked<CsvTable> {
  const failed = (message: string, line?: number): Checked<never> => ({
    status: 'failed',
    problems: [{ place: { file, ...(line !== undefined && { line }) }, message }],
  })
  try {
    const records = parse(text, { info: true, skip_empty_lines: true }) as unknown as {
      record: string[]
      info: { lines: number }
    }[]
    const [first, ...rest] = records
    if (first === undefined) return failed('is empty: the first line names the columns')
    const twice = first.record.find((name, at) => first.record.indexOf(name) !== at)
    if (twice !== undefined) return failed(`the column ${JSON.stringify(twice)} is there twice`, 1)
    return {
      status: 'ok',
      value: { head: first.record, rows: rest.map(({ record, info }) => ({ at: info.lines, cells: record })) },
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines } = error as { lines?: unknown }
    return failed(error.message, typeof lines === 'number' ? lines : undefined)
  }
}
