import { EngineFailure } from '../domain/backend.ts'
import { abortWith } from '../shell/abort-with.ts'
import type { RunningServer } from '../shell/start-server.ts'
import type { Exit } from '../shell/start-process.ts'
import { evidence } from '../wire/evidence.ts'
import type { ServerLog } from './server-log.ts'
import { vllmRootCause } from './vllm-log-facts.ts'

type Options = {
  log: ServerLog
  /** What it is called in messages. */
  program: string
  /** Lines for `worker.log`. */
  say: (line: string) => void
  /** What is done when nothing of it runs any more. */
  clearUp?: () => void
}

/** Of a server that cannot be stopped in an orderly way, how long the orderly way is tried. */
const orderlyMs = 15_000

/** A started server: whether it still runs, why it ended, and its end, with all that it has started. */
export class WatchedServer implements AsyncDisposable {
  /** Aborted, with the failure as its reason, when it has ended by itself. */
  readonly lost: AbortSignal
  readonly #server: RunningServer
  readonly #options: Options
  readonly #lost = new AbortController()
  #isReady = false
  #beforeStop: (() => Promise<void>) | undefined
  #stopping: Promise<void> | undefined

  constructor(server: RunningServer, options: Options) {
    this.#server = server
    this.#options = options
    this.lost = this.#lost.signal
    void server.ended.then((exit) => this.#ended(exit))
  }

  get pid(): number {
    return this.#server.pid
  }

  /** Aborted when it has ended, or when it is not ready in time. */
  untilReady(loadMs: number): AbortSignal {
    const late = new AbortController()
    const detail = () => `${this.#options.program} was not ready within ${loadMs} ms${this.#lastWords()}`
    // setTimeout takes no more than 31 bits.
    const timer = setTimeout(
      () => late.abort(new EngineFailure('load-timeout', detail())),
      Math.min(loadMs, 2 ** 31 - 1),
    )
    this.lost.addEventListener('abort', () => clearTimeout(timer))
    timer.unref()
    abortWith(late, this.lost)
    return late.signal
  }

  /** From here on its end is that of what is measured. `beforeStop`: what is done first where it is stopped. */
  ready(): void {
    this.#isReady = true
  }

  beforeStop(work: () => Promise<void>): void {
    this.#beforeStop = work
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#stopping ??= this.#stop())
  }

  async #stop(): Promise<void> {
    if (this.#beforeStop && !this.lost.aborted)
      await within(
        orderlyMs,
        this.#beforeStop().catch(() => {}),
      )
    const left = await this.#server.stop()
    this.#options.log[Symbol.dispose]()
    this.#options.clearUp?.()
    if (left.length > 0) this.#options.say(`could not be ended: ${this.#options.program}, processes ${left.join(', ')}`)
  }

  #ended(exit: Exit): void {
    if (this.#stopping) return
    this.#lost.abort(this.#isReady ? this.#crashed(exit) : this.#notStarted(exit))
  }

  #crashed(exit: Exit): EngineFailure {
    return new EngineFailure('crashed', `${this.#options.program} ${how(exit)} while it was asked${this.#lastWords()}`)
  }

  #notStarted(exit: Exit): EngineFailure {
    const { log, program } = this.#options
    const cause = vllmRootCause(log.head())
    const said = `${cause ?? ''}\n${log.tail()}`
    const reason =
      notRun[exit.code ?? 0] !== undefined
        ? 'start-failed'
        : (reasons.find(([pattern]) => pattern.test(said))?.[1] ?? 'start-failed')
    return new EngineFailure(
      reason,
      `${program} ${how(exit)} before it was ready${firstWords(cause)}${this.#lastWords()}`,
    )
  }

  #lastWords(): string {
    const ending = this.#options.log.ending()
    return ending === undefined ? '' : `; its log ends with: ${ending}`
  }
}

/** What a server says that could not start, and what that is here. */
const reasons = [
  [/address already in use|EADDRINUSE|couldn't bind|port \d+ is (?:already )?in use/i, 'port-in-use'],
  [
    /out of memory|OutOfMemory|cannot allocate memory|failed to allocate|No available memory for the cache|memory .* is less than desired/i,
    'out-of-memory',
  ],
] as const

/** Where one of its processes breaks off, the others say at length what came of it. */
const firstWords = (cause: string | undefined) => (cause === undefined ? '' : `; first it said: ${evidence(cause)}`)

/** What the shell ends with that could not start a program. */
const notRun: Readonly<Record<number, string>> = {
  126: 'is no program that can be run here: a folder, or for another machine (code 126)',
  127: 'is not a program of this machine, or is a part of one that is not there (code 127)',
}

function how({ code, signal }: Exit): string {
  if (signal === undefined) return notRun[code ?? 0] ?? `ended with code ${code ?? 'unknown'}`
  const hint = signal === 'SIGKILL' ? ' (the system ends a process so when memory runs out)' : ''
  return `was ended by ${signal}${hint}`
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
