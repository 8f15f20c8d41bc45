/** A number as it was printed, and between what it was before it was rounded: half a unit of its last digit to each side. */
export type PrintedNumber = { value: number; least: number; most: number; decimals: number }

/** Reads a number as tables print it (`1,599`, `6.50`, `35.3*`, `-0.2`); `undefined` for what is none. */
export function printedNumber(text: string): PrintedNumber | undefined {
  const found = /^\s*\$?(?<number>[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?)\s*\*?\s*$/.exec(text)
  const digits = found?.groups?.['number']?.replaceAll(',', '')
  if (digits === undefined) return undefined
  const decimals = digits.split('.')[1]?.length ?? 0
  const half = 0.5 * 10 ** -decimals
  const value = Number(digits)
  return { value, least: value - half, most: value + half, decimals }
}
