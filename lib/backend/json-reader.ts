import type { OnContent } from '../domain/backend.ts'
import type { EngineTimings, Ns } from '../domain/timeline.ts'
import { evidence } from '../wire/evidence.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { AnswerEvents, type Carried } from './answer-events.ts'
import type { Answer, AnswerReader, Usage } from './protocol.ts'

/** What one chunk of an answer says; what it does not say is absent. */
export type Said = {
  carried?: Carried
  /** The server's count of output tokens up to here. */
  counted?: number | undefined
  usage?: Usage
  engine?: EngineTimings
  /** `length` or any other word. */
  finish?: string | undefined
  /** Nothing of the answer comes after it. */
  isLast?: boolean
  /** What went wrong, in the server's words. */
  error?: string
  /** What is not so, as something it said before has it. */
  contradiction?: string | undefined
}

/** Reads an answer of which every chunk is a JSON object of its own kind. */
export class JsonReader implements AnswerReader {
  readonly #read: (chunk: Fields) => Said
  readonly #events: AnswerEvents
  #usage: Usage = {}
  #engine: EngineTimings | undefined
  #finish: string | undefined
  #endedAt: Ns | undefined
  #problem: Answer['problem']

  /** @param read what a protocol's chunks say */
  constructor(read: (chunk: Fields) => Said, maxTokens: number, onContent?: OnContent) {
    this.#read = read
    this.#events = new AnswerEvents(maxTokens, onContent)
  }

  take(data: string, at: Ns, read: number): void {
    if (this.#endedAt !== undefined || data === '') return
    const chunk = parsedFields(data)
    if (chunk === undefined)
      return this.#fail('malformed-response', `a chunk that is no JSON object: ${evidence(data)}`)
    this.#events.seen(at)
    const said = this.#read(chunk)
    if (said.error !== undefined) return this.#fail('error-in-stream', `the server said: ${evidence(said.error)}`)
    const contradiction = said.contradiction ?? this.#events.count(said.counted)
    if (contradiction !== undefined) return this.#fail('malformed-response', contradiction)
    this.#keep(said, at, read)
  }

  #keep({ carried, usage, engine, finish, isLast }: Said, at: Ns, read: number): void {
    if (usage) this.#usage = { ...this.#usage, ...usage }
    if (engine) this.#engine = engine
    if (finish !== undefined) this.#finish = finish
    if (carried !== undefined && carried.text !== '') this.#events.addCarried(carried, at, read)
    else if (isLast !== true) this.#events.addEmpty(at)
    if (isLast === true) this.#endedAt = at
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined || this.#problem !== undefined
  }

  result(sentAt: Ns): Answer {
    return {
      ...this.#events.result(sentAt, this.#usage),
      isWhole: this.#endedAt !== undefined,
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      ...(this.#finish !== undefined && { finish: this.#finish }),
      ...(this.#engine && { engine: this.#engine }),
      ...(this.#problem && { problem: this.#problem }),
    }
  }

  #fail(reason: 'error-in-stream' | 'malformed-response', detail: string): void {
    this.#problem ??= { reason, detail }
  }
}

/** Text alone, as most chunks have it. */
export const plainly = (text: string): Carried => ({ channel: 'text', text, alone: text })
