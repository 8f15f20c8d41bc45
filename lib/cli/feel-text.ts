import { jitterFactors, textSeed } from '../emulator/emulated-draws.ts'
import { emulatedTokens } from '../emulator/emulated-text.ts'
import type { Emulation } from '../domain/emulation.ts'

/** A piece of text, and when it is shown. */
export type Shown = { text: string; atMs: number }

const longestPiece = 5

/** Text as a tokenizer would cut it: about four pieces for three words. At least `count` pieces, and then to the sentence's end. */
export function feelPieces(seed: number, count: number): string[] {
  const pieces = emulatedTokens(textSeed(seed, 0), 2 * count).flatMap((word) => {
    const half = Math.ceil(word.length / 2)
    return word.length > longestPiece ? [word.slice(0, half), word.slice(half)] : [word]
  })
  return pieces.slice(0, pieces.findIndex((piece, at) => at + 1 >= count && piece.endsWith('.')) + 1)
}

/** When each piece of an emulated answer is shown. */
export function feelSchedule(emulation: Emulation, count: number): Shown[] {
  const { seed, firstTokenMs, tokenMs, jitter } = emulation
  const factor = jitterFactors(seed, 0, jitter)
  let atMs = 0
  return feelPieces(seed, count).map((text, index) => {
    atMs += (index === 0 ? firstTokenMs : tokenMs) * factor()
    return { text, atMs }
  })
}
