import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { EngineFailure } from '../domain/backend.ts'
import type { BaseScores } from '../domain/timeline.ts'

// A file per window: the size of the vocabulary, the number of tokens and these, as 32-bit integers; then of each scored token a
// row of the whole vocabulary, ln p as 32-bit floats. All as this machine orders bytes: it is read where it was written.

const fileOf = (folder: string, promptId: string) => join(folder, `${promptId}.logprobs`)

/** Keeps what a base says of a window; dispose it to close the file. */
export class BaseWindowWriter implements Disposable {
  readonly #file: number
  readonly #vocabulary: number
  readonly #headBytes: number

  constructor(
    folder: string,
    promptId: string,
    { tokens, vocabulary }: { tokens: readonly number[]; vocabulary: number },
  ) {
    this.#file = openSync(fileOf(folder, promptId), 'w')
    this.#vocabulary = vocabulary
    const head = Uint32Array.from([vocabulary, tokens.length, ...tokens])
    this.#headBytes = head.byteLength
    writeSync(this.#file, head)
  }

  /** The probabilities of the token after the `at`th that is scored, of the whole vocabulary; in any order. */
  set(at: number, probabilities: ReadonlyMap<number, number>): void {
    const row = logProbabilities(probabilities, this.#vocabulary)
    writeSync(this.#file, row, 0, row.byteLength, this.#headBytes + at * row.byteLength)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** Holds a model against what its base said of the same window, token by token; dispose it to close the file. */
export class BaseWindowReader implements Disposable {
  readonly #file: number
  readonly #row: Float32Array
  readonly #headBytes: number
  readonly #scores = { nll: [] as number[], kld: [] as number[], sameTop: [] as number[] }

  /** Throws an `EngineFailure` where the base cut the text into other tokens, or has another vocabulary. */
  constructor(
    folder: string,
    promptId: string,
    { tokens, vocabulary }: { tokens: readonly number[]; vocabulary: number },
  ) {
    this.#file = openSync(fileOf(folder, promptId), 'r')
    const head = new Uint32Array(2 + tokens.length)
    readSync(this.#file, head)
    this.#headBytes = head.byteLength
    this.#row = new Float32Array(vocabulary)
    const isSame = head[0] === vocabulary && head[1] === tokens.length && tokens.every((id, at) => head[2 + at] === id)
    if (isSame) return
    closeSync(this.#file)
    throw new EngineFailure('request-refused', otherTokens)
  }

  /** Takes the probabilities of the token after the `at`th that is scored, and which one follows in the text; in any order. */
  set(at: number, probabilities: ReadonlyMap<number, number>, target: number): void {
    const base = this.#row
    const from = this.#headBytes + at * base.byteLength
    if (readSync(this.#file, base, 0, base.byteLength, from) < base.byteLength)
      throw new Error('what the base said ends too early')
    const own = logProbabilities(probabilities, base.length)
    this.#scores.nll[at] = rounded(-(base[target] as number), 1e6)
    this.#scores.kld[at] = rounded(divergence(base, own), 1e9)
    this.#scores.sameTop[at] = topOf(base) === topOf(own) ? 1 : 0
  }

  get scores(): BaseScores {
    return this.#scores
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

export const otherTokens =
  'the base cuts the text into other tokens, or has another vocabulary: name a base of the same tokenizer in workload.base'

/** Below it a term of the base's is left out, as llama-perplexity does. */
const leastLogProbability = -16
const smallestFloat = 1.401298464324817e-45

function divergence(base: Float32Array, own: Float32Array): number {
  let sum = 0
  for (let at = 0; at < base.length; at += 1) {
    const ofBase = base[at] as number
    if (ofBase > leastLogProbability) sum += Math.exp(ofBase) * (ofBase - (own[at] as number))
  }
  return sum
}

/** As 32-bit floats on both sides, so that a model is no distance from itself. */
function logProbabilities(probabilities: ReadonlyMap<number, number>, vocabulary: number): Float32Array {
  const row = new Float32Array(vocabulary).fill(Math.log(smallestFloat))
  for (const [token, probability] of probabilities) row[token] = Math.log(Math.max(probability, smallestFloat))
  return row
}

/** The first of the likeliest. */
function topOf(row: Float32Array): number {
  let top = 0
  for (let at = 1; at < row.length; at += 1) if ((row[at] as number) > (row[top] as number)) top = at
  return top
}

const rounded = (value: number, scale: number) => Math.round(value * scale) / scale
