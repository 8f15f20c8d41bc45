/** A JSON object from outside, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>

/** The fields of a JSON object; `undefined` of anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** The fields of a JSON text that is an object; `undefined` of any other text. */
export function parsedFields(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
