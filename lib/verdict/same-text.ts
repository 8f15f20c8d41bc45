/** Whether two texts say the same: dates as days, `2022.8.12` and `2022-08-12`; all else letter by letter, but for space around. */
export const isSameText = (a: string, b: string): boolean => comparable(a) === comparable(b)

function comparable(text: string): string {
  const trimmed = text.trim()
  const { year, month, day } = dated.exec(trimmed)?.groups ?? {}
  if (year === undefined || month === undefined || day === undefined) return trimmed
  return [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-')
}

const dated = /^(?<year>\d{4})(?<mark>[./-]) ?(?<month>\d{1,2})\k<mark> ?(?<day>\d{1,2})\.?$/
