import { type Io, printJson } from './io.ts'

/** What `run --json` prints: of one file its plan as soon as it has ended, of several one value with all that have. */
export class ToldRuns implements Disposable {
  readonly #files: number
  readonly #io: Io
  readonly #plans: object[] = []

  constructor(files: number, io: Io) {
    this.#files = files
    this.#io = io
  }

  tell(plan: object): void {
    if (this.#files > 1) this.#plans.push(plan)
    else printJson(this.#io, plan)
  }

  [Symbol.dispose](): void {
    if (this.#plans.length > 0) printJson(this.#io, { plans: this.#plans })
  }
}
