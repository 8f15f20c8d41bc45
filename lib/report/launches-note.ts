import { countRange } from './count-range.ts'
import type { Words } from './words.ts'

/** What marks, bars and dots of means over launches are; `counts` are the launches of each, invalid ones too. */
export function launchesNote(words: Words, counts: readonly number[]): string {
  const several = counts.some((count) => count > 1)
  return several ? words('chart.by-number-line', { n: countRange(words, counts) }) : words('chart.by-number-once')
}
