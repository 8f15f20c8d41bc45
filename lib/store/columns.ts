/** What is absent in code is NULL in the store. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null
export const jsonOrNull = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))

/** A row as SQL gives it: what may be absent in code is a column all the same. */
export type Nullable<Row> = { [K in keyof Required<Row>]: Required<Row>[K] | null }

/** JSON of a column; where that is NULL, what stands for it. */
export const parsedOr = <T>(json: string | null, absent: T): T => (json === null ? absent : (JSON.parse(json) as T))

type Present<Row> = { [K in keyof Row as null extends Row[K] ? never : K]: Row[K] } & {
  [K in keyof Row as null extends Row[K] ? K : never]?: NonNullable<Row[K]>
}

/** A row as it is in code: without the columns that are NULL. */
export function present<Row extends object>(row: Row): Present<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Present<Row>
}
