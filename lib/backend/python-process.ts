import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { EngineFailure } from '../domain/backend.ts'
import { plain } from '../domain/plain.ts'
import { withoutHome } from '../domain/without-home.ts'
import { fileTail } from '../shell/file-tail.ts'
import { withoutSecrets } from './launch-env.ts'
import { type PythonMessage, pythonMessage } from './python-messages.ts'
import { cleanLog } from './server-log.ts'

type Options = {
  python: string
  script: string
  env: Readonly<Record<string, string>>
  /** Where what it prints goes. */
  log?: string
  /** What its environment has that nothing that is kept may have. */
  secrets?: readonly string[]
  /** How to come by what it needs, for an interpreter that is not there. */
  install: string
  /** Says more of why it answers no more, where more is known. */
  explained?: (why: EngineFailure) => EngineFailure
}
/** What a question is answered with; everything else comes by itself. */
export type Reply = Exclude<PythonMessage, { kind: 'content' | 'done' | 'broken' }>
export type Told = Exclude<PythonMessage, Reply>

/** It ends by itself when nobody speaks to it any more; vLLM then tells its own processes to. */
const graceMs = { asked: 6000, told: 1000 }
const longestShown = 200

/**
 * An engine in a Python process, the first of a process group of its own. Not started through a shell: it is spoken to over its
 * standard input, and its process number is to be its own.
 */
export class PythonProcess implements AsyncDisposable {
  readonly #options: Options
  readonly #child: ChildProcess
  readonly #exited: Promise<void>
  readonly #lost = new AbortController()
  #listener: (message: Told) => void = () => {}
  #asked: PromiseWithResolvers<Reply> | undefined
  #ending = false

  constructor(options: Options) {
    this.#options = options
    const log = options.log === undefined ? undefined : openSync(options.log, 'a')
    this.#child = spawn(options.python, ['-B', options.script], {
      detached: true,
      stdio: ['pipe', 'pipe', log ?? 'ignore'],
      env: { ...process.env, ...options.env },
    })
    if (log !== undefined) closeSync(log)
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#lose(this.#cannotStart(error))
        resolve()
      })
      this.#child.once('exit', (code, signal) => {
        this.#lose(this.#ended(code, signal))
        resolve()
      })
    })
    this.#child.stdin?.on('error', () => {}) // that it has ended is told by its exit
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Aborted, with an `EngineFailure` that says why, when it has ended by itself or speaks no more. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  onMessage(listener: (message: Told) => void): void {
    this.#listener = listener
  }

  say(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  /** Says it and waits for the answer. Throws the `EngineFailure` that comes in its place. */
  async ask(message: object): Promise<Exclude<Reply, { kind: 'refused' }>> {
    this.#lost.signal.throwIfAborted()
    this.#asked = Promise.withResolvers()
    this.say(message)
    const reply = await this.#asked.promise
    if (reply.kind === 'refused') throw new EngineFailure(reply.reason, this.#clean(reply.detail))
    return reply
  }

  #take(line: string): void {
    const message = read(line)
    if (message === undefined) {
      const shown = this.#clean(line).slice(0, longestShown)
      return this.#lose(new EngineFailure('engine-error', `the engine in Python said what is no message: ${shown}`))
    }
    if (message.kind === 'broken') this.#lose(this.#broken(message))
    else if (message.kind === 'content') this.#listener(message)
    else if (message.kind === 'done')
      this.#listener(message.detail === undefined ? message : { ...message, detail: this.#clean(message.detail) })
    else this.#asked?.resolve(message)
  }

  #broken({ reason, detail }: Extract<PythonMessage, { kind: 'broken' }>): EngineFailure {
    const { explained = (why: EngineFailure) => why } = this.#options
    const why = explained(new EngineFailure(reason, detail))
    return new EngineFailure(why.reason, this.#clean(why.message))
  }

  #lose(why: EngineFailure): void {
    if (this.#ending || this.#lost.signal.aborted) return
    this.#lost.abort(why)
    this.#asked?.reject(why)
    this.#signalGroup('SIGKILL') // what it has started does nothing without it
  }

  #cannotStart(error: Error): EngineFailure {
    const { python, install } = this.#options
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? `there is no ${plain(python)} here` : `${plain(python)} does not start: ${error.message}`
    return new EngineFailure('start-failed', `${why}: ${install}, and name its Python in programs of data/lab.yaml`)
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): EngineFailure {
    const killed = signal === 'SIGKILL' ? ' (the system may have run out of memory)' : ''
    const how = signal === null ? `with code ${code}` : `by ${signal}${killed}`
    const last = this.#lastLine()
    return new EngineFailure('crashed', `the engine in Python ended ${how}${last === undefined ? '' : `: ${last}`}`)
  }

  #lastLine(): string | undefined {
    const { log } = this.#options
    if (log === undefined || !existsSync(log)) return undefined
    const lines = fileTail(log, 4096).split('\n')
    const last = lines.findLast((line) => line.trim() !== '')
    return last && this.#clean(last.trim()).slice(0, longestShown)
  }

  /** Text of the engine as a failure's detail has it. */
  #clean(text: string): string {
    return plain(withoutHome(withoutSecrets(text, this.#options.secrets ?? []), homedir()))
  }

  /** Ends it and all that it has started: by the end of what is said to it, then SIGTERM, then SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true
    this.#child.stdin?.end()
    if (!(await this.#hasEnded(graceMs.asked))) this.#signalGroup('SIGTERM')
    if (!(await this.#hasEnded(graceMs.told))) this.#signalGroup('SIGKILL')
    await this.#exited
    this.#signalGroup('SIGKILL')
    const { log, secrets = [] } = this.#options
    if (log !== undefined) cleanLog(log, secrets)
  }

  #hasEnded(withinMs: number): Promise<boolean> {
    return Promise.race([this.#exited.then(() => true), delay(withinMs, false, { ref: false })])
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // the whole group has ended
    }
  }
}

function read(line: string): PythonMessage | undefined {
  try {
    return pythonMessage.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
