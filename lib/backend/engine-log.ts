import { setTimeout as delay } from 'node:timers/promises'

const maxWaitMs = 100

/** What an engine logs: passed on, and the last part kept for those who read its counters. */
export class EngineLog {
  readonly #passOn: (line: string) => void
  #kept: string[] = []
  #firstError: string | undefined
  #keeping = false

  constructor(passOn: (line: string) => void) {
    this.#passOn = passOn
  }

  /** The first thing that went wrong, in the engine's words and in one line; waited for, as messages come from another thread. */
  async firstError(): Promise<string | undefined> {
    await waitUntil(() => this.#firstError !== undefined)
    return this.#firstError
  }

  add(message: string, level: 'error' | 'other'): void {
    if (level === 'error') this.#firstError ??= message.trim().replaceAll(/\s+/g, ' ')
    if (this.#keeping) this.#kept.push(message)
    else this.#passOn(message.trimEnd())
  }

  /** What is logged from the call of `print` until a message matches `last`. */
  async capture(print: () => Promise<void>, last: RegExp): Promise<string> {
    this.#kept = []
    this.#keeping = true
    await print()
    await waitUntil(() => this.#kept.some((line) => last.test(line)))
    this.#keeping = false
    return this.#kept.join('\n')
  }
}

async function waitUntil(isThere: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < maxWaitMs && !isThere(); waitedMs += 1) await delay(1)
}
