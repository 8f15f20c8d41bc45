/** Fields by their dotted paths, as text: what is absent has none. */
export type Fields = ReadonlyMap<string, string>

/** Every value below; a list of plain values is one, what is in a list of objects goes by its place. */
export function* flatFields(value: unknown, path: string): Generator<[string, string]> {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') yield [path, typeof value === 'string' ? value : JSON.stringify(value)]
  else if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) yield [path, value.join(', ')]
  else for (const [key, below] of Object.entries(value)) yield* flatFields(below, path === '' ? key : `${path}.${key}`)
}
