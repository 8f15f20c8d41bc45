import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineFailure } from '../domain/backend.ts'
import type { BaseScoring } from '../domain/launch.ts'
import type { BaseScores } from '../domain/timeline.ts'
import { otherTokens } from './base-window.ts'

/** ln p by token, of the likeliest tokens at a place, the likeliest first, and of the one that follows in the text. */
export type Told = ReadonlyMap<number, number>
/** What a base says of a window, as JSON: its tokens, and of each that is scored what is told, as pairs. */
type Kept = { tokens: readonly number[]; rows: readonly (readonly [number, number][])[] }
type Window = { promptId: string; tokens: readonly number[] }

const fileOf = (folder: string, promptId: string) => join(folder, `${promptId}.likeliest.json`)

/**
 * Keeps what a base tells of the scored tokens of a window, the second half without its first, or holds a model against what its base
 * told of them. Throws an `EngineFailure` where the base cut the text into other tokens.
 */
export function scoredAgainstBase(
  { promptId, tokens }: Window,
  told: readonly Told[],
  { folder, as }: BaseScoring,
): BaseScores | undefined {
  const file = fileOf(folder, promptId)
  if (as === 'written') {
    const kept: Kept = { tokens, rows: told.map((row) => [...row]) }
    writeFileSync(file, JSON.stringify(kept))
    return undefined
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
  const isSame = kept.tokens.length === tokens.length && tokens.every((id, at) => kept.tokens[at] === id)
  if (!isSame) throw new EngineFailure('request-refused', otherTokens)
  const targets = tokens.slice(tokens.length - told.length)
  const rows = kept.rows.map((row) => new Map(row))
  return {
    nll: rows.map((base, at) => rounded(-(base.get(targets[at] as number) as number), 1e6)),
    kld: rows.map((base, at) => rounded(leastDivergence(base, told[at] as Told), 1e9)),
    sameTop: rows.map((base, at) => (firstOf(base) === firstOf(told[at] as Told) ? 1 : 0)),
    isBound: true,
  }
}

/** Of sums of 32-bit floats no more is known of what is left. */
const sure = 1e-5

/**
 * A lower bound of KL(base || own) in nats, of tokens that both tell: all others are taken for one, which only brings the two closer
 * (the log sum inequality; Cover & Thomas, Elements of Information Theory, 2.7.1).
 */
export function leastDivergence(base: Told, own: Told): number {
  let [sum, ofBase, ofOwn] = [0, 0, 0]
  for (const [token, lnP] of base) {
    const other = own.get(token)
    if (other === undefined) continue
    sum += Math.exp(lnP) * (lnP - other)
    ofBase += Math.exp(lnP)
    ofOwn += Math.exp(other)
  }
  const rest = Math.max(0, 1 - ofBase)
  // A larger rest of the model's makes a smaller bound.
  return sum + (rest > sure ? rest * Math.log(rest / Math.max(sure, 1 - ofOwn)) : 0)
}

const firstOf = (told: Told): number | undefined => told.keys().next().value
const rounded = (value: number, scale: number) => Math.round(value * scale) / scale
