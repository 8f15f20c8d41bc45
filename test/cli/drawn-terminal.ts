import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from '../../lib/cli/terminal.ts'

// oxlint-disable-next-line no-control-regex
const parts = /\u001b\[\??(?<n>\d*)(?<command>[A-Za-z])|(?<character>[^\u001b])/gu

/** As much of a terminal as the table uses; it never scrolls, so that `lines` is all that a user could scroll back to. */
export class DrawnTerminal implements Terminal {
  readonly symbols = 'unicode'
  readonly frames: string[] = []
  lines: string[] = ['']
  #size: [number, number]
  #row = 0
  #column = 0
  #onResize = () => {}

  constructor(columns = 80, rows = 24) {
    this.#size = [columns, rows]
  }

  columns = () => this.#size[0]
  rows = () => this.#size[1]

  write = (text: string): void => {
    this.frames.push(text)
    for (const { groups } of text.matchAll(parts)) this.#take(groups as Record<string, string | undefined>)
  }

  onResize = (listener: () => void) => {
    this.#onResize = listener
    return () => (this.#onResize = () => {})
  }

  /** Becomes another size; lines that are too long wrap, as in most terminals. */
  resize(columns: number, rows: number): void {
    this.#size = [columns, rows]
    const wrapped = this.lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''])
    this.#row = wrapped.slice(0, this.#row).flat().length
    this.lines = wrapped.flat()
    this.#onResize()
  }

  text(): string {
    return this.lines.join('\n')
  }

  #take({ n, command, character }: Record<string, string | undefined>): void {
    const line = Array.from(this.lines[this.#row] ?? '')
    if (command === 'A') this.#row = Math.max(0, this.#row - Number(n))
    else if (command === 'K') this.lines[this.#row] = line.slice(0, this.#column).join('')
    else if (command === 'J') this.lines.splice(this.#row, Infinity, line.slice(0, this.#column).join(''))
    else if (character === '\r') this.#column = 0
    else if (character === '\n') {
      this.#column = 0
      this.lines[(this.#row += 1)] ??= ''
    } else if (character !== undefined) {
      line[this.#column] = character
      this.#column += 1
      this.lines[this.#row] = line.join('')
    }
  }
}

/** A line as it is seen. */
export const seen = (line: string) => stripVTControlCharacters(line)
