import { jitterFactors, textSeed } from '../backend/emulated-draws.ts'
import { emulatedTokens } from '../backend/emulated-text.ts'
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

/** Breaks lines between words as text comes, a piece at a time; a word that has begun is taken to the next line with its rest. */
export class LineBreaker {
  readonly #width: number
  #column = 0

  constructor(width: number) {
    this.#width = width
  }

  /** What to write for a piece. `wordLength`: how long the word is that it begins, with what follows it. */
  put(piece: string, wordLength: number): string {
    const begins = /^\s/.test(piece)
    const breaks = begins && this.#column > 0 && this.#column + wordLength > this.#width
    const text = breaks || (begins && this.#column === 0) ? piece.trimStart() : piece
    const lines = text.split('\n')
    this.#column = (breaks || lines.length > 1 ? 0 : this.#column) + (lines.at(-1) as string).length
    return breaks ? `\n${text}` : text
  }
}
