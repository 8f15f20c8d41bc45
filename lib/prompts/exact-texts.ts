import { shuffled } from '../domain/seeded.ts'
import type { Tokenizer } from '../domain/tokenizer.ts'
import { ordinaryWords } from './ordinary-words.ts'

type Options = {
  tokenizer: Tokenizer
  random: () => number
  /** Texts that will be asked for. */
  count: number
}

/** How often the end of a text is made anew before its beginning is given up, and how many beginnings are. */
const mostTries = 100
const mostBeginnings = 20

/** Makes texts of exactly so many tokens, each with a beginning of its own. */
export class ExactTexts {
  readonly #tokenizer: Tokenizer
  readonly #random: () => number
  /** Inside of a text, after a space. */
  readonly #words: readonly { word: string; tokens: number }[]
  readonly #cheapest: number
  #beginnings: { text: string; tokens: number }[] = []

  constructor({ tokenizer, random, count }: Options) {
    this.#tokenizer = tokenizer
    this.#random = random
    const before = tokenizer.count('the')
    this.#words = ordinaryWords.map((word) => ({ word, tokens: tokenizer.count(`the ${word}`) - before }))
    this.#cheapest = Math.min(...this.#words.map(({ tokens }) => tokens))
    this.#beginnings = [...this.#beginningsFor(count)]
  }

  /** `undefined` where there is none of that length any more. */
  next(tokens: number): string | undefined {
    for (let tries = 0; tries < mostBeginnings; tries += 1) {
      const at = this.#beginnings.findIndex((beginning) => beginning.tokens <= tokens)
      const [beginning] = at < 0 ? [] : this.#beginnings.splice(at, 1)
      const text = beginning && this.#fill(beginning.text, tokens)
      if (text !== undefined || beginning === undefined) return text
    }
    return undefined
  }

  /** Adds words until the length is right. Tokens may merge where words meet: what counts is the whole text. */
  #fill(beginning: string, tokens: number): string | undefined {
    const words: string[] = []
    for (let tries = 0; tries < mostTries; tries += 1) {
      this.#extend(words, tokens - this.#tokenizer.count([beginning, ...words].join(' ')))
      const text = [beginning, ...words].join(' ')
      if (this.#tokenizer.count(text) === tokens) return text
      words.length = Math.max(0, words.length - 1 - (tries % 8))
    }
    return undefined
  }

  #extend(words: string[], missing: number): void {
    for (let left = missing; left >= this.#cheapest;) {
      const { word, tokens } = this.#words[Math.floor(this.#random() * this.#words.length)] as {
        word: string
        tokens: number
      }
      if (tokens > left) continue
      words.push(word)
      left -= tokens
    }
  }

  /** A word for each; pairs where there are more texts than words. */
  *#beginningsFor(count: number) {
    const words = shuffled(ordinaryWords, Math.floor(this.#random() * 2 ** 32))
    const tokensOf = (text: string) => ({ text, tokens: this.#tokenizer.count(text) })
    if (count <= words.length) return yield* words.map(tokensOf)
    // Each word comes first equally often, with another one second each time.
    for (let made = 0; made < count * 2; made += 1) {
      const first = made % words.length
      const second = (first + 1 + Math.floor(made / words.length)) % words.length
      yield tokensOf(`${words[first]} ${words[second]}`)
    }
  }
}
