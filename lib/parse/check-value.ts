import type { z } from 'zod'
import { explainIssue, wording, type Finding } from './explain-issue.ts'
import type { Checked, Problem } from './problem.ts'
import type { SourceDocument } from './yaml-document.ts'

/** What came of holding a value against a schema. */
export type ValueChecked<T> = { status: 'ok'; value: T } | { status: 'failed'; findings: readonly Finding[] }

/** Holds a value against a schema and says in words, all at once, what does not fit. */
export function checkValue<S extends z.ZodType>(schema: S, value: unknown): ValueChecked<z.output<S>> {
  const result = schema.safeParse(value, { reportInput: true, error: wording })
  if (result.success) return { status: 'ok', value: result.data }
  return { status: 'failed', findings: result.error.issues.flatMap(explainIssue) }
}

/** A value and where each part of it stands. */
export type Placed = Pick<SourceDocument, 'value' | 'place'>

/** Holds a document against a schema; each problem says the path and points at its place. */
export function checkDocument<S extends z.ZodType>(schema: S, document: Placed): Checked<z.output<S>> {
  return checkPlaced(schema, document, 0)
}

/** As `checkDocument`, for a list whose items have places of their own: no message needs to say which item it is about. */
export function checkItems<S extends z.ZodType>(schema: S, list: Placed): Checked<z.output<S>> {
  return checkPlaced(schema, list, 1)
}

function checkPlaced<S extends z.ZodType>(schema: S, document: Placed, unnamed: number): Checked<z.output<S>> {
  const checked = checkValue(schema, document.value)
  if (checked.status === 'ok') return checked
  const problems = checked.findings.map(({ path, on, message }): Problem => {
    // An unknown key names itself.
    const where = on === 'key' ? path.slice(0, -1) : path
    return { place: document.place(path, on), message: withPath(where.slice(unnamed), message) }
  })
  return { status: 'failed', problems }
}

/** `axes.model: needs at least one value`. */
export function withPath(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}
