import type { Terminal } from './terminal.ts'
import { widthOf } from './text-columns.ts'

// Synchronized output: a terminal that knows it shows a frame at once, others ignore it.
const [begin, end] = ['\u001b[?2026h', '\u001b[?2026l']
const clearRest = '\u001b[J'
const clearLine = '\u001b[K'

/**
 * The last lines of a terminal, drawn over again and again. The cursor stays visible, below them, between any two writes: so
 * nothing has to be put right, whatever ends the program.
 */
export class Screen {
  readonly #terminal: Terminal
  #lines: readonly string[] = []

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Draws lines in place of those before; each is to be narrower than the terminal, all together lower. */
  draw(lines: readonly string[]): void {
    const body = lines.map((line) => `${line}${clearLine}\n`).join('')
    this.#terminal.write(`${begin}${this.#toTop()}${body}${clearRest}${end}`)
    this.#lines = lines
  }

  /** Writes text above the lines, which scrolls with all that was before. */
  above(text: string): void {
    const body = this.#lines.map((line) => `${line}\n`).join('')
    this.#terminal.write(`${begin}${this.#toTop()}${clearRest}${text}\n${body}${end}`)
  }

  // Lines that were drawn before the terminal became narrower have wrapped.
  #toTop(): string {
    const columns = this.#terminal.columns()
    const height = this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
    return height === 0 ? '\r' : `\r\u001b[${height}A`
  }
}
