import { shownBytes } from './numbers.ts'

/** The value of a field of a manifest: as it is, and bytes first as one reads them. */
export function fieldText(path: string, value: string | number | boolean): string {
  return typeof value === 'number' && /bytes$/i.test(path) ? `${shownBytes(value)} (${value})` : String(value)
}
