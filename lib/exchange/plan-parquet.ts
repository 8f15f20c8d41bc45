import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Store } from '../store/store.ts'
import { type ColumnType, requestTable, type TableColumn, type TableRow } from './request-table.ts'

/** Rows that are in memory at once. */
const groupRows = 10_000

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const elements = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
} as const satisfies Record<ColumnType, Partial<Element>>

/** A plan as Parquet: the table of `requestTable`, compressed with Snappy, a row group at a time. */
export function* planParquet(store: Store, planId: string): Generator<Uint8Array> {
  const { columns, rows } = requestTable(store, planId)
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'benchbook' })
  for (const group of inGroups(rows)) {
    void parquet.write({ columnData: columnsOf(columns, group), rowGroupSize: groupRows })
    yield taken(writer)
  }
  void parquet.finish()
  yield taken(writer)
}

function schemaOf(columns: readonly TableColumn[]): Element[] {
  const leaves = columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...elements[type] }))
  return [{ name: 'root', num_children: columns.length }, ...leaves]
}

function columnsOf(columns: readonly TableColumn[], rows: readonly TableRow[]) {
  return columns.map(({ name, type }) => ({ name, data: rows.map((row) => encoded(row[name] ?? null, type)) }))
}

const encoded = (value: TableRow[string], type: ColumnType) =>
  typeof value === 'number' && type === 'int64' ? BigInt(value) : value

/** What was written since the last time; the writer goes on counting where it is in the file. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}

function* inGroups(rows: Iterable<TableRow>): Generator<TableRow[]> {
  let group: TableRow[] = []
  for (const row of rows) {
    group.push(row)
    if (group.length < groupRows) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
