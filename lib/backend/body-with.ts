import type { JsonValue } from '../domain/json.ts'
import { fieldsOf } from '../wire/json-fields.ts'
import type { AskOptions } from './protocol.ts'

/**
 * A request's body: our fields, with those of `extraBody` beside them or in their place; `null` leaves one out. The object called
 * `nested` is merged field by field.
 */
export function bodyWith(
  own: Readonly<Record<string, unknown>>,
  extra: AskOptions['extraBody'] = {},
  nested?: string,
): string {
  const merged: Record<string, unknown> = { ...own, ...extra }
  const theirs = nested === undefined ? undefined : fieldsOf(extra[nested])
  if (nested !== undefined && theirs) merged[nested] = withoutNulls({ ...fieldsOf(own[nested]), ...theirs })
  return JSON.stringify(withoutNulls(merged))
}

const withoutNulls = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Record<string, JsonValue>
