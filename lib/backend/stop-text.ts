type Detokenize<Token> = (tokens: readonly Token[], before: readonly Token[]) => string

/** Tokens that a detokenizer looks back on. */
const lookBack = 3
const halfCharacter = '\uFFFD'
/** A character has four bytes at most, so more tokens than these do not wait for its end. */
const mostPending = 4

/** Looks for texts that end an output, while its tokens come: each is written once, and found wherever tokens meet. */
export class StopWatch<Token> {
  readonly #stops: readonly string[]
  readonly #detokenize: Detokenize<Token>
  readonly #reach: number
  #tail = ''
  #recent: Token[] = []
  #pending: Token[] = []

  constructor(stops: readonly string[], detokenize: Detokenize<Token>) {
    this.#stops = stops
    this.#detokenize = detokenize
    this.#reach = Math.max(...stops.map((stop) => stop.length)) - 1
  }

  /** Takes the next token; `true` where the output holds one of the texts now. */
  add(token: Token): boolean {
    this.#pending.push(token)
    const text = this.#detokenize(this.#pending, this.#recent)
    const isHalf = text.endsWith(halfCharacter) && this.#pending.length < mostPending
    const seen = this.#tail + text
    if (this.#stops.some((stop) => seen.includes(stop))) return true
    if (isHalf) return false
    this.#tail = this.#reach > 0 ? seen.slice(-this.#reach) : ''
    this.#recent = [...this.#recent, ...this.#pending].slice(-lookBack)
    this.#pending = []
    return false
  }
}

/** The part of an output that belongs to it: its text before the first of `stops`, and how many tokens write that. */
export function beforeStop<Token>(
  tokens: readonly Token[],
  stops: readonly string[],
  detokenize: (tokens: readonly Token[]) => string,
): { text: string; count: number } {
  const whole = wholeCharacters(detokenize(tokens))
  const found = stops.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0)
  if (found.length === 0) return { text: whole, count: tokens.length }
  const text = whole.slice(0, Math.min(...found))
  // A stop is no longer than its tokens are many, so the last of them are looked at one by one.
  let count = tokens.length
  while (count > 0 && wholeCharacters(detokenize(tokens.slice(0, count - 1))).length >= text.length) count -= 1
  return { text, count }
}

/** Without the half of a character that an output may end in. */
export function wholeCharacters(text: string): string {
  return text.endsWith(halfCharacter) ? text.slice(0, -halfCharacter.length) : text
}
