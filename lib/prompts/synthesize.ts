import type { Prompt } from '../domain/cell.ts'
import { randomSequence, shuffled } from '../domain/seeded.ts'
import type { Tokenizer } from '../domain/tokenizer.ts'
import { ExactTexts } from './exact-texts.ts'
import { wordTokenizer } from './tokenizer.ts'

/** So many tokens, or evenly drawn from `min` to `max`. */
export type TokenLength = number | { min: number; max: number }
type Lengths = { tokens: TokenLength; outputTokens?: TokenLength }
type Parts = readonly (Lengths & { share: number })[]
type Drawn = { count: number; seed: number }

/** Prompts of stated lengths: all of one, or of several by their shares of `count`. */
export type SyntheticRecipe = { synthetic: Lengths & Drawn } | ({ mix: Parts } & Drawn)

export type Synthesized = { status: 'ok'; value: readonly Prompt[] } | { status: 'failed'; message: string }

/**
 * Makes prompts `s1`, `s2`, … of ordinary words, each of exactly as many tokens as is stated, as `tokenizer` counts them. No
 * two begin alike: with the same word only where there are more prompts than words, and never with the same two. Parts are
 * mixed by the seed; the same recipe gives the same prompts.
 */
export function synthesize(recipe: SyntheticRecipe, tokenizer: Tokenizer = wordTokenizer): Synthesized {
  const { parts, count, seed } = partsOf(recipe)
  const random = randomSequence(seed)
  const asked = shuffled(lengthsOf(parts, count, random), seed)
  const texts = new ExactTexts({ tokenizer, random, count })
  const made: string[] = []
  // Short ones first: the words with which they can begin are the fewest.
  for (const at of [...asked.keys()].toSorted((a, b) => (asked[a]?.tokens ?? 0) - (asked[b]?.tokens ?? 0))) {
    const { tokens } = asked[at] as Asked
    const text = texts.next(tokens)
    if (text === undefined) return { status: 'failed', message: whyNot(tokens, asked) }
    made[at] = text
  }
  const value = asked.map(({ maxTokens }, at) => ({
    id: `s${at + 1}`,
    text: made[at] as string,
    ...(maxTokens !== undefined && { maxTokens }),
  }))
  return { status: 'ok', value }
}

function partsOf(recipe: SyntheticRecipe): { parts: Parts } & Drawn {
  if ('mix' in recipe) return { ...recipe, parts: recipe.mix }
  return { ...recipe.synthetic, parts: [{ ...recipe.synthetic, share: 1 }] }
}

type Asked = { tokens: number; maxTokens?: number }

function whyNot(tokens: number, asked: readonly Asked[]): string {
  const alike = asked.filter((each) => each.tokens === tokens).length
  const length = tokens === 1 ? '1 token' : `${tokens} tokens`
  return `no ${alike} different texts of exactly ${length} can be made of ordinary words with this tokenizer: take fewer or longer ones`
}

function lengthsOf(parts: Parts, count: number, random: () => number): Asked[] {
  const counts = countsOf(parts, count)
  return parts.flatMap(({ tokens, outputTokens }, part) =>
    Array.from({ length: counts[part] as number }, () => ({
      tokens: drawn(tokens, random),
      ...(outputTokens !== undefined && { maxTokens: drawn(outputTokens, random) }),
    })),
  )
}

function drawn(length: TokenLength, random: () => number): number {
  if (typeof length === 'number') return length
  return length.min + Math.floor(random() * (length.max - length.min + 1))
}

/** Shares of a whole number: what is left over goes to the largest remainders. */
function countsOf(parts: Parts, count: number): number[] {
  const all = parts.reduce((sum, { share }) => sum + share, 0)
  const exact = parts.map(({ share }) => (share / all) * count)
  const counts = exact.map(Math.floor)
  const left = count - counts.reduce((sum, each) => sum + each, 0)
  const remainder = (part: number) => (exact[part] as number) - (counts[part] as number)
  const byRemainder = [...parts.keys()].toSorted((a, b) => remainder(b) - remainder(a) || a - b)
  for (const part of byRemainder.slice(0, left)) counts[part] = (counts[part] as number) + 1
  return counts
}
