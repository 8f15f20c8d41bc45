import type { Pin } from './fill-post.ts'

/** A pin is typed by hand: which space stands in it, and which minus, means nothing. */
const typed = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('−', '-').trim()

/** Whether the store says something else than what the prose was written for. */
export const isStale = ({ is, now }: Pin): boolean => typed(is) !== typed(now)

/** `the text was written for 28.9, the store says 30.1`. */
export function pinText({ is, now }: Pin): string {
  return `the text was written for ${is}, the store says ${typed(now)}`
}
