import type { ContentEvents, RequestTimeline } from '../domain/timeline.ts'

/** Tokens of each event of an answer whose number of tokens was never said. */
export type UsualTokens = (events: ContentEvents) => readonly number[] | undefined

/**
 * What the answers of a trial say of its tokens, for those that were cut off or broke off before their server said their
 * number: one for each event where it was so in all the others, else as many per character as in the others together.
 */
export function usualTokens(requests: readonly RequestTimeline[]): UsualTokens {
  let [answers, even, tokens, characters] = [0, true, 0, 0]
  for (const { events, outputTokens, outcome } of requests) {
    if (events?.characters === undefined || outputTokens === undefined || outcome.status !== 'ok') continue
    answers += 1
    even &&= outputTokens === events.deltasUs.length
    tokens += outputTokens
    for (const count of events.characters) characters += count
  }
  if (answers === 0) return () => undefined
  if (even) return ({ deltasUs }) => deltasUs.map(() => 1)
  return (events) => (characters === 0 ? undefined : events.characters?.map((count) => (count * tokens) / characters))
}
