import type { Words } from './words.ts'

/** What a title ends with that leaves out so many invalid values, which its chart shows; nothing where there are none. */
export function validOnly(words: Words, left: number): string {
  return left > 0 ? words('chart.valid-only') : ''
}
