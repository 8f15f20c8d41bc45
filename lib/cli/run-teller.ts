import { wordLines } from '../domain/word-lines.ts'
import { progressLine } from '../run/progress-lines.ts'
import type { RunEvent } from '../run/run-event.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'
import { LiveProgress } from './live-progress.ts'
import { widthOf } from './text-columns.ts'

/** Tells of a run on standard error: in a table of its cells where that can be drawn over, else in lines. */
export class RunTeller {
  readonly #store: Store
  readonly #io: Io
  #live: LiveProgress | undefined
  #isRunning = false
  #note: string | undefined
  readonly #afterwards: string[] = []

  constructor(store: Store, io: Io) {
    this.#store = store
    this.#io = io
  }

  /** Does work that is told of; the table stays as it is when that has ended, however it does. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    this.#isRunning = true
    try {
      return await work()
    } finally {
      this.#isRunning = false
      this.#live?.[Symbol.dispose]()
      this.#live = undefined
      for (const line of this.#afterwards.splice(0)) this.say(line)
    }
  }

  /** A line; `afterwards`: where there is a table, below its last state. */
  say(line: string, when?: 'afterwards'): void {
    if (this.#live && when === 'afterwards') this.#afterwards.push(line)
    else if (this.#live) this.#live.say(this.#inColumns(line))
    else this.#io.stderr(`${this.#inColumns(line)}\n`)
  }

  /** In a terminal a long line goes on between words, indented; in a log it stays one. */
  #inColumns(line: string): string {
    const columns = this.#io.terminal?.columns() ?? Infinity
    const inWords = (one: string) => wordLines(one, columns - hanging.length - 1).join(`\n${hanging}`)
    return line.replaceAll(/.+/g, (one) => (widthOf(one) < columns ? one : inWords(one)))
  }

  /** What a plan that runs is about from now on. */
  sayOfRun(line: string): void {
    this.#note = line
    if (this.#live) this.#live.note(line)
    else if (this.#isRunning) this.say(line)
  }

  onEvent(event: RunEvent): void {
    const { terminal } = this.#io
    if (event.kind === 'started' && terminal) {
      const plan = readPlan(this.#store, event.planId)
      this.#live = new LiveProgress({ terminal, store: this.#store, plan, from: 'start' })
      return
    }
    if (this.#live && event.kind === 'waiting') this.#live.note(progressLine(event))
    else if (this.#live && event.kind === 'waited') this.#live.note(this.#note)
    else if (this.#live === undefined || !isInTable(event)) this.say(progressLine(event))
  }
}

const hanging = '  '

/** What the table says itself. */
function isInTable(event: RunEvent): boolean {
  return event.kind === 'launched' || (event.kind === 'trial-ended' && event.end.status === 'ok')
}
