import { didYouMean } from '../domain/nearest.ts'

/** What a helper in a post asks for: its words in their order, its options by name, all as text. */
export type PostAsk = { words: readonly string[]; options: Readonly<Record<string, string>> }
type Options = PostAsk['options']

/** Why something cannot be bound: what is wrong, what there is. Its place in the post is added where it is caught. */
export class AskProblem extends Error {
  override readonly name = 'AskProblem'
}

/** That there is none of a name: what was near, and what there is. */
export function lacking(what: string, asked: string | undefined, there: readonly string[]): AskProblem {
  const near = asked === undefined ? '' : didYouMean(asked, there)
  const all = there.join(', ') || 'none'
  return new AskProblem(`${what}${asked === undefined ? '' : ` ${asked}`}${near || ':'} there is ${all}`)
}

/** Refuses options that would go unheard. */
export function allowOptions(options: Options, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) throw lacking('there is no option', unknown, known)
}

/** An option that is `true`, `false`, or not there. */
export function flagOf(options: Options, name: string): boolean {
  const text = options[name] ?? 'false'
  if (text !== 'true' && text !== 'false') throw new AskProblem(`${name} is to be true or false, not ${text}`)
  return text === 'true'
}

/** How many significant digits are asked for. */
export function digitsOf({ digits }: Options): number | undefined {
  if (digits === undefined) return undefined
  if (!/^[1-9]$|^1[0-5]$/.test(digits)) throw new AskProblem(`digits is to be 1 to 15, not ${digits}`)
  return Number(digits)
}

/** An option names things; loose words would go unseen. `option` is what a word is likely to be. */
export function refuseWords(words: readonly string[], option: string): void {
  if (words.length > 0) throw new AskProblem(`"${words[0]}" belongs to no option: write ${option}="${words[0]}"`)
}
