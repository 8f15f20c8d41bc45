import type { JsonValue } from '../domain/json.ts'
import type { PlanData } from '../domain/plan-data.ts'

// Characters that would hide, reorder or break what stands around them: controls (but tab and line feed), direction
// marks and overrides, invisible spaces, line and paragraph separators, lone surrogates.
const treacherous =
  // oxlint-disable-next-line no-control-regex -- finding controls is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Longest text that is shown of a name, a prompt, a reason; and of a whole file or the tail of a log. */
const limits = { word: 2_000, file: 40_000 } as const
const whole: readonly string[] = ['text', 'logTail']

/**
 * Makes text from models, files and servers safe to look at: what hides or reorders becomes a visible escape such as
 * `\u202e`, text that runs right to left is isolated from its surroundings, and what is too long is cut with the number of
 * characters that are missing.
 * It is still text: escaping for HTML is the template's.
 */
export function shownText(text: string, limit: number = limits.word): string {
  const cut = text.length > limit ? text.slice(0, limit) : text
  const visible = cut
    .replaceAll('\r\n', '\n')
    .replace(treacherous, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const isolated = rightToLeft.test(visible) ? `\u2068${visible}\u2069` : visible
  return cut === text ? isolated : `${isolated}… (+${text.length - limit})`
}

/** `data` with every string in it made safe to look at, keys too: the one gate through which text enters a report. */
export function shownData(data: PlanData): PlanData {
  return shown(data, limits.word) as unknown as PlanData
}

function shown(value: JsonValue, limit: number): JsonValue {
  if (typeof value === 'string') return shownText(value, limit)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => shown(item, limit))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      shownText(key),
      shown(item, whole.includes(key) ? limits.file : limits.word),
    ]),
  )
}
