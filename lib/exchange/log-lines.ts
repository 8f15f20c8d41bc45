// Colours (--log-colors), then the stamp and the level of --log-timestamps and --log-prefix: `0.00.783.628 I `.
// oxlint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;]*m/g
const stamp = /^(?:\d+\.\d\d\.\d{3}\.\d{3}\s+)?(?:[IWED]\s+)?/

/** The lines of a log, without what the logger puts before them. */
export const logLines = (text: string): string[] =>
  text
    .replaceAll(colours, '')
    .split(/\r?\n|\r/)
    .map((line) => line.slice(0, longest).replace(stamp, ''))

// Of all chunks on one line, 2 million are more than anybody runs.
const longest = 32_000_000

const number = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|nan|inf)`

/** `20.5536`, `-0.69`; also `nan` and `inf`, which `isNumber` tells apart. */
export const numberPattern = number

/** Whether a printed number is one: neither `nan` nor `inf`. */
export const isNumber = (printed: string): boolean => Number.isFinite(Number(printed))

/** Half a unit of the last printed digit: how far the value itself may lie from it. */
export function halfDigit(printed: string): number {
  const [, decimals = '', exponent = '0'] = /^[+-]?\d+(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(printed) ?? []
  return 0.5 * 10 ** (Number(exponent) - decimals.length)
}
