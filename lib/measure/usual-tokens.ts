import type { ContentEvents, RequestTimeline } from '../domain/timeline.ts'

/** Tokens of each event of an answer whose number of tokens was never said. */
export type UsualTokens = (events: ContentEvents) => readonly number[] | undefined

/**
 * What the answers of a trial say of its tokens, for those that were cut off or broke off before their server said their
 * number: one for each event where it was so in all the others, else as many per character as in the others together.
 */
export function usualTokens(requests: readonly RequestTimeline[]): UsualTokens {
  const said = requests.filter(({ outcome, outputTokens }) => outcome.status === 'ok' && outputTokens !== undefined)
  if (said.length === 0) return () => undefined
  if (said.every(({ events, outputTokens }) => outputTokens === events?.deltasUs.length))
    return ({ deltasUs }) => deltasUs.map(() => 1)
  const [tokens, characters] = inAll(said)
  return (events) => (characters === 0 ? undefined : events.characters?.map((count) => (count * tokens) / characters))
}

/** Tokens and characters of the answers whose characters are known. */
function inAll(said: readonly RequestTimeline[]): [number, number] {
  let [tokens, characters] = [0, 0]
  for (const { events, outputTokens = 0 } of said) {
    if (events?.characters === undefined) continue
    tokens += outputTokens
    for (const count of events.characters) characters += count
  }
  return [tokens, characters]
}
