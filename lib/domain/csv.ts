export type CsvValue = string | number | bigint | boolean | null | undefined

/** One line of CSV as RFC 4180 has it, with its line end; what is absent is an empty field. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(',')}\r\n`
}

const needsQuotes = /[",\r\n]|^\s|\s$/
const plainNumber = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i
const startsFormula = /^[=+\-@\t\r]/

// A spreadsheet runs a text that starts like a formula, and texts here come from models, files and servers.
function field(value: CsvValue): string {
  if (value === undefined || value === null) return ''
  const text = String(value)
  const safe = startsFormula.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
