import { EngineFailure } from '../domain/backend.ts'
import type { PerplexityWorkload } from '../domain/cell.ts'

/**
 * The windows of a text as llama-perplexity cuts them (QUALITY of the design): of `context` tokens each, without overlap, the first
 * of each overwritten by `lead`: BOS, where the model wants one. Throws an `EngineFailure` where there are fewer than two contexts
 * of tokens, `lead` among them.
 */
export function windowsOf<T>(
  text: readonly T[],
  lead: readonly T[],
  { context, chunks, text: { id } }: PerplexityWorkload,
): T[][] {
  const tokens = [...lead, ...text]
  const count = Math.min(chunks ?? Number.POSITIVE_INFINITY, Math.floor(tokens.length / context))
  if (tokens.length < 2 * context || count < 1)
    throw new EngineFailure(
      'context-overflow',
      `perplexity needs at least ${2 * context} tokens of text, ${id} has ${tokens.length}: give a longer text or a smaller context`,
    )
  return Array.from({ length: count }, (_, i) => {
    const window = tokens.slice(i * context, (i + 1) * context)
    window.splice(0, lead.length, ...lead)
    return window
  })
}
