import type { Expected } from '../domain/cell.ts'
import type { RequestTimeline } from '../domain/timeline.ts'

/** By prompt's id, of those that say. */
export type ExpectedAnswers = ReadonlyMap<string, Expected>

/** 1 where a request's answer is as its prompt expects, else 0; `undefined` where nothing is expected, or no answer was kept. */
export function checked({ promptId, output }: RequestTimeline, expected?: ExpectedAnswers): 0 | 1 | undefined {
  const wanted = expected?.get(promptId)
  if (wanted === undefined || output === undefined) return undefined
  return isAsExpected(output, wanted) ? 1 : 0
}

/**
 * Whether an answer has the words that it is held to. Plain texts are looked for, and no patterns: answers are hostile, and none
 * may take long. Both are brought to one form of Unicode (NFC), so that composed letters are as decomposed ones.
 */
export function isAsExpected(answer: string, { exact, contains, anyOf, excludes, ignoreCase }: Expected): boolean {
  const plain = (text: string) => (ignoreCase ? text.normalize('NFC').toLowerCase() : text.normalize('NFC'))
  const said = plain(answer)
  const has = (text: string) => said.includes(plain(text))
  return (
    (exact === undefined || said.trim() === plain(exact).trim()) &&
    (contains?.every(has) ?? true) &&
    (anyOf?.some(has) ?? true) &&
    !(excludes?.some(has) ?? false)
  )
}
