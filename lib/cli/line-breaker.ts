import { widthOf } from './text-columns.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Longer lines are hard to read. */
const widest = 78

/**
 * Breaks lines between words as text comes, a piece at a time. `columns` is asked before each word, so that what comes after the
 * terminal was made narrower or wider goes by its new width; what stands already is the terminal's to wrap.
 */
export class LineBreaker {
  readonly #columns: () => number
  /** What stands in the line, and the space after it, which is written when a word follows in the same line. */
  #line = ''
  #space = ''

  /** `columns`: how many the terminal has now. */
  constructor(columns: () => number) {
    this.#columns = columns
  }

  /** What to write for a piece; `rest` is what follows in its last word. */
  put(piece: string, rest: string): string {
    const runs = piece.match(/\n|[^\S\n]+|\S+/g) ?? []
    return runs.map((run, at) => this.#put(run, at === runs.length - 1 ? run + rest : run)).join('')
  }

  #put(run: string, word: string): string {
    if (run === '\n') return this.#newLine()
    if (/^\s/.test(run)) {
      this.#space += run
      return ''
    }
    const space = this.#line === '' ? '' : this.#space
    const breaks = space !== '' && !this.#fits(space + word) && widthOf(word) <= this.#limit
    if (breaks) return this.#newLine() + this.#write(run)
    this.#space = ''
    this.#line += space
    return space + this.#write(run)
  }

  /** Writes a word, or a part of it; one that is longer than a line goes on in the next. */
  #write(run: string): string {
    if (this.#fits(run)) {
      this.#line += run
      return run
    }
    let written = ''
    for (const { segment } of graphemes.segment(run)) {
      if (this.#line !== '' && !this.#fits(segment)) written += this.#newLine()
      this.#line += segment
      written += segment
    }
    return written
  }

  /** Whether there is room in the line. One that was written when the terminal was wider has been wrapped by it: its end counts. */
  #fits(text: string): boolean {
    const width = widthOf(this.#line)
    const columns = this.#columns()
    const more = widthOf(this.#line + text) - width // a joined emoji takes no more than its first part
    return (width <= columns ? width : lastRowOf(this.#line, columns)) + more <= this.#limit
  }

  get #limit(): number {
    return Math.max(1, Math.min(widest, this.#columns() - 1))
  }

  #newLine(): string {
    this.#line = this.#space = ''
    return '\n'
  }
}

/** How wide the last row is of a line that is wrapped after so many columns. */
function lastRowOf(line: string, columns: number): number {
  let row = 0
  for (const { segment } of graphemes.segment(line)) {
    const width = widthOf(segment)
    row = row + width > columns ? width : row + width
  }
  return row
}
