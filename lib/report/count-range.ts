import { fixed } from './numbers.ts'
import type { Words } from './words.ts'

/** `3`, or `2 to 3` where `counts` differ; a count of nothing is not one of them. */
export function countRange(words: Words, counts: readonly number[]): string {
  const some = counts.filter((count) => count > 0)
  const [low, high] = [Math.min(...some), Math.max(...some)].map((count) => fixed(some.length === 0 ? 0 : count, 0))
  return low === high ? String(low) : words('range', { low: String(low), high: String(high) })
}
