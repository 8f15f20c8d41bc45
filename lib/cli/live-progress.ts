import type { Plan } from '../domain/plan.ts'
import { type Progress, ProgressReader } from '../run/progress.ts'
import { changeMark } from '../store/progress-rows.ts'
import type { Store } from '../store/store.ts'
import { progressTable } from './progress-table.ts'
import { Screen } from './screen.ts'
import type { Terminal } from './terminal.ts'

type Outside = { nowMs?: () => number; monotonicMs?: () => number; every?: typeof setInterval }
type Options = Outside & {
  terminal: Terminal
  store: Store
  plan: Plan
  /** Whether the run began with this: then it says how long it has taken. */
  from: 'start' | 'later'
}

/** Twice a second: what is measured must not feel that somebody looks. */
const lookEveryMs = 500

/** A table of a plan's cells that follows the store until it is disposed; then its last state stays. */
export class LiveProgress implements Disposable {
  readonly #options: Options
  readonly #screen: Screen
  readonly #reader: ProgressReader
  readonly #startedMs: number
  readonly #timer: NodeJS.Timeout
  readonly #unsubscribe: () => void
  #mark = ''
  #progress: Progress
  #drawn = ''
  #note: string | undefined

  constructor(options: Options) {
    const { terminal, store, plan, monotonicMs = performance.now.bind(performance), every = setInterval } = options
    this.#options = options
    this.#screen = new Screen(terminal)
    this.#reader = new ProgressReader(store, plan)
    this.#startedMs = monotonicMs()
    this.#progress = this.#reader.read()
    this.#timer = every(() => this.#lookIfPossible(), lookEveryMs)
    this.#timer.unref()
    this.#unsubscribe = terminal.onResize(() => this.#draw())
    this.#look()
  }

  /** A line above the table. */
  say(line: string): void {
    this.#screen.above(line)
  }

  /** A line of the table itself, until another takes its place; a table that fills the terminal has none above that is seen. */
  note(line: string | undefined): void {
    this.#note = line
    this.#draw()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
    this.#note = undefined
    this.#lookIfPossible()
  }

  // A store that cannot be read just now ends no run.
  #lookIfPossible(): void {
    try {
      this.#look()
    } catch {
      this.#mark = ''
    }
  }

  #look(): void {
    const mark = changeMark(this.#options.store)
    if (mark !== this.#mark) {
      this.#mark = mark
      this.#progress = this.#reader.read()
    }
    this.#draw()
  }

  #draw(): void {
    const { terminal, plan, from, nowMs = Date.now, monotonicMs = performance.now.bind(performance) } = this.#options
    const { symbols } = terminal
    const [columns, rows] = [terminal.columns(), terminal.rows()]
    const elapsed = from === 'start' ? { elapsedMs: monotonicMs() - this.#startedMs } : {}
    const shown = { plan, columns, rows, symbols, nowMs: nowMs(), note: this.#note, ...elapsed }
    const lines = progressTable(this.#progress, shown)
    const frame = `${columns} ${rows} ${lines.join('\n')}`
    if (frame === this.#drawn) return
    this.#drawn = frame
    this.#screen.draw(lines)
  }
}
