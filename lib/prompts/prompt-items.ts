import type { Placed } from '../parse/check-value.ts'
import type { Checked, Place, Problem } from '../parse/problem.ts'
import { itemOf, type DataSetOptions } from './data-set-item.ts'

/** Problems after which nobody reads on, and one more than the prompts of the longest list. */
const mostProblems = 50
const mostItems = 10_001

/** Gathers the items of a list of prompts from the values of a file, as many as are wanted. */
export class PromptItems {
  readonly #options: DataSetOptions
  readonly #items: { item: unknown; place: Placed['place'] }[] = []
  readonly #problems: Problem[] = []

  constructor(options: DataSetOptions) {
    this.#options = options
  }

  /** Whether more are wanted. */
  take(value: unknown, place: Placed['place']): 'more' | 'enough' {
    const result = itemOf(value, this.#options)
    if (result.kind === 'item') this.#items.push({ item: result.item, place })
    if (result.kind === 'wrong') this.#problems.push({ place: place([]), message: result.message })
    const { limit = mostItems } = this.#options
    // A line that is wrong takes the place of one that is right: no more is read to tell more.
    const read = this.#items.length + this.#problems.length
    return read >= limit || this.#problems.length >= mostProblems ? 'enough' : 'more'
  }

  /** The list, to be held against its schema; `others` are problems that were found beside. */
  checked(start: Place, others: readonly Problem[] = []): Checked<Placed> {
    const many = { place: start, message: `holds more than ${mostItems - 1} prompts: take some of them with limit` }
    const problems = [...this.#problems, ...others, ...(this.#items.length >= mostItems ? [many] : [])]
    if (problems.length > 0) return { status: 'failed', problems }
    const place: Placed['place'] = ([index, ...rest], on) => this.#items[Number(index)]?.place(rest, on) ?? start
    return { status: 'ok', value: { value: this.#items.map(({ item }) => item), place } }
  }
}
