/** Deeper than anything that we write. */
const mostDepth = 64

/**
 * A JSON value from a stranger who says that we wrote it. Throws an `Error` with words for what it is not: of one key twice,
 * of a number that no computer keeps, of spaces or escapes that were not needed there would be two readings, and of lists in
 * lists in lists no end.
 */
export function parseExactJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('is not JSON')
  }
  if (isDeeper(value, mostDepth)) throw new Error(`is nested deeper than ${mostDepth} levels`)
  // Inside of a string the quotes would be escaped.
  if (text.includes('"__proto__":')) throw new Error('has a key "__proto__"')
  if (JSON.stringify(value) !== text)
    throw new Error('is not as JSON is written here: a key that stands twice, a number that is too large, a space')
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const below = Array.isArray(value) ? value : Object.values(value)
  return below.some((each) => isDeeper(each, levels - 1))
}
