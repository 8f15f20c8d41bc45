import { setImmediate as turn } from 'node:timers/promises'
import type { RequestTimeline } from '../domain/timeline.ts'
import type { Tokenizer } from '../domain/tokenizer.ts'

/** What a request wrote: the number of its record, and how many tokens it has. */
export type CountedOutput = {
  record: number
  tokens: number
  /** As the server says; absent where that said nothing, and of what is no measured answer. */
  said?: number
}
type Kept = Omit<CountedOutput, 'tokens'> & { output: string }

type Limits = {
  /** Characters that are kept uncounted; what comes beyond is counted at once. */
  mostKept?: number
  /** Characters after which others have their turn: a worker that counts gives signs of life. */
  perTurn?: number
  perRecord?: number
}

/**
 * Keeps what the requests of a trial wrote, to count its tokens when the trial has ended: while requests are timed the
 * tokenizer is to take no processor from the server or its client.
 */
export class OutputCounter {
  readonly #tokenizer: Tokenizer
  readonly #limits: Required<Limits>
  #kept: Kept[] = []
  #keptCharacters = 0
  #counted: CountedOutput[] = []

  constructor(tokenizer: Tokenizer, { mostKept = 2 ** 26, perTurn = 65_536, perRecord = 10_000 }: Limits = {}) {
    this.#tokenizer = tokenizer
    this.#limits = { mostKept, perTurn, perRecord }
  }

  keep(record: number, { output, outcome, outputTokens: said, phase }: RequestTimeline): void {
    if (output === undefined) return
    const isAnswer = phase === 'measured' && outcome.status === 'ok' && said !== undefined
    const kept = { record, output, ...(isAnswer && { said }) }
    if (this.#keptCharacters + output.length > this.#limits.mostKept) return this.#count(kept)
    this.#kept.push(kept)
    this.#keptCharacters += output.length
  }

  /** Counts what was kept, in pieces of a record's size, and keeps nothing any more. */
  async *counts(): AsyncGenerator<readonly CountedOutput[]> {
    const kept = this.#kept
    this.#kept = []
    this.#keptCharacters = 0
    let sinceTurn = 0
    for (const each of kept) {
      this.#count(each)
      sinceTurn += each.output.length
      if (sinceTurn < this.#limits.perTurn) continue
      sinceTurn = 0
      await turn()
    }
    const counted = this.#counted.toSorted((a, b) => a.record - b.record)
    this.#counted = []
    for (let from = 0; from < counted.length; from += this.#limits.perRecord)
      yield counted.slice(from, from + this.#limits.perRecord)
  }

  #count({ output, ...kept }: Kept): void {
    this.#counted.push({ ...kept, tokens: this.#tokenizer.count(output) })
  }
}
