import type { ContentEvents } from '../domain/timeline.ts'

/**
 * The output tokens n_i of each content event: as the engine said, else one each, else N (`outputTokens`) spread by
 * characters. `undefined` where they cannot be known.
 */
export function eventTokens(events: ContentEvents, outputTokens: number | undefined): readonly number[] | undefined {
  const { deltasUs, tokens, characters } = events
  if (tokens !== undefined) return tokens
  if (characters === undefined || outputTokens === deltasUs.length) return deltasUs.map(() => 1)
  const all = characters.reduce((sum, count) => sum + count, 0)
  if (outputTokens === undefined || all === 0) return undefined
  return characters.map((count) => (outputTokens * count) / all)
}
