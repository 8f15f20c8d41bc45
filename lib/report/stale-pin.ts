import { plain } from '../domain/plain.ts'
import { placeName } from '../parse/problem.ts'
import type { Pin } from './fill-post.ts'

/** A pin is typed by hand: which space stands in it, and which dash or minus, means nothing. */
const typed = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('−', '-').trim()

/** Whether the store says something else than what the prose was written for. */
export const isStale = ({ is, now }: Pin): boolean => typed(is) !== typed(now)

/** `reports/posts/first.md:7:12: the text was written for 28.9, the store says 30.1`. */
export function staleText({ place, is, now }: Pin): string {
  return `${placeName(place)}: the text was written for ${plain(is)}, the store says ${plain(typed(now))}`
}
