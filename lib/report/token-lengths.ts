import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** Prompts, or answers. */
export type LengthOf = 'prompt' | 'output'
/** How many requests had so many tokens, the fewest tokens first. */
export type Lengths = readonly (readonly [tokens: number, n: number])[]

// Fewer requests, or lengths, are listed sooner than drawn.
const leastRequests = 20
const leastLengths = 5
const leastSpread = 1.5

/** The tokens of what was asked, or answered, in all trials of `cells` that ended well. */
export function lengthsOf(evidence: Evidence, cells: readonly ShownCell[], of: LengthOf): Lengths {
  const all = new Map<number, number>()
  for (const cell of cells)
    for (const { id, status } of evidence.trialsOf(cell.cell.id))
      if (status === 'ok')
        for (const [tokens, n] of evidence.seenOf(id).lengths[of]) all.set(tokens, (all.get(tokens) ?? 0) + n)
  return [...all].toSorted(([a], [b]) => a - b)
}

/** Whether lengths differ so much that they explain times, and requests are so many that this is seen. */
export function doLengthsDiffer(lengths: Lengths): boolean {
  const [least, most] = [lengths[0]?.[0] ?? 0, lengths.at(-1)?.[0] ?? 0]
  return countOf(lengths) >= leastRequests && lengths.length >= leastLengths && most >= leastSpread * Math.max(1, least)
}

/** Of all lengths together. */
export function countOf(lengths: Lengths): number {
  return lengths.reduce((sum, [, n]) => sum + n, 0)
}

/** The tokens that a share `q` of the requests do not exceed: by rank, so it is a length that occurs. */
export function lengthAt(lengths: Lengths, q: number): number {
  const rank = Math.max(1, Math.ceil(q * countOf(lengths)))
  let before = 0
  for (const [tokens, n] of lengths) if ((before += n) >= rank) return tokens
  return lengths.at(-1)?.[0] ?? 0
}
