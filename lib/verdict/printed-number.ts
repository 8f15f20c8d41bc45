/** A number as it was printed, and between what it was before it was rounded: half a unit of its last digit to each side. */
export type PrintedNumber = { value: number; least: number; most: number; decimals: number }

/**
 * Reads a number as tables print it (`1,599`, `6.50`, `35.3*`, `-0.2`, `−0.2`); `undefined` for what is none, and for what may be read in
 * two ways, as `0,002`. `meant` are decimals that it has at least, where zeros at its end were left out.
 */
export function printedNumber(text: string, meant = 0): PrintedNumber | undefined {
  const found = /^\s*\$?(?<sign>[+−-]?)(?<number>[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*\*?\s*$/.exec(text)
  const { sign = '', number } = found?.groups ?? {}
  if (number === undefined || number.length > mostDigits) return undefined
  const digits = sign.replace('−', '-') + number.replaceAll(',', '')
  const decimals = Math.max(meant, digits.split('.')[1]?.length ?? 0)
  const half = 0.5 * 10 ** -decimals
  const value = Number(digits)
  return { value, least: value - half, most: value + half, decimals }
}

/** What is longer is no figure that anybody printed, and more than numbers can tell apart. */
const mostDigits = 40
