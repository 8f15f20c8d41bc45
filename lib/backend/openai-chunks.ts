import type { OnContent } from '../domain/backend.ts'
import type { EngineTimings, Ns } from '../domain/timeline.ts'
import { evidence } from '../wire/evidence.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { AnswerEvents } from './answer-events.ts'
import { carriedBy, errorOf, plainText, firstChoice, usageOf } from './openai-chunk.ts'
import type { Answer, AnswerReader, Usage } from './protocol.ts'
import { RepeatedChunk } from './repeated-chunk.ts'
import { shownJson, timingsOf } from './said-values.ts'

/** What some servers do and others do not. */
export type ChunkHabits = {
  /** Its count of output tokens has the token that ended the answer. */
  countsEnd?: true
  /** An answer without a finish_reason broke off, whatever else came. */
  saysWhy?: true
}

/**
 * Reads the chunks of chat and text completions as they come. A content event carries text, reasoning or a part of a tool
 * call; what has only a role, an empty text or usage is none. Every chunk passes here between two socket reads, so that
 * nothing of it lives on but numbers and the text.
 */
export class ChunkReader implements AnswerReader {
  readonly #events: AnswerEvents
  readonly #habits: ChunkHabits
  #usage: Usage = {}
  #engine: EngineTimings | undefined
  #finish: string | undefined
  #endedAt: Ns | undefined
  #isWhole = false
  #problem: Answer['problem']
  readonly #repeated = new RepeatedChunk()

  constructor(maxTokens: number, onContent?: OnContent, habits: ChunkHabits = {}) {
    this.#habits = habits
    this.#events = new AnswerEvents(maxTokens, onContent)
  }

  /**
   * Takes one event's data, when it came, and the number of the read that brought it. Throws a `MalformedResponse`, which ends
   * the response, where there is no end of them.
   */
  take(data: string, at: Ns, read: number): void {
    if (this.#endedAt !== undefined || data === '') return
    if (data.startsWith('[DONE]') && data.trim() === '[DONE]') return this.#done(at)
    const known = this.#repeated.textOf(data)
    if (known !== undefined) return this.#events.add('text', known, known, at, read)
    const chunk = parsedFields(data)
    if (chunk === undefined)
      return this.#fail('malformed-response', `a chunk that is no JSON object: ${evidence(data)}`)
    this.#events.seen(at)
    const { choices, usage, timings, error, object } = chunk
    if (error !== undefined && error !== null) return this.#error(chunk)
    if (choices === undefined && object === 'error') return this.#error(chunk)
    if ((usage !== undefined && usage !== null) || timings !== undefined) this.#count(chunk)
    const contents = this.#events.length
    const choice = firstChoice(chunk)
    if (choice !== undefined) this.#choose(choice, at, read)
    if (this.#events.length === contents && Array.isArray(choices) && choices.length > 0) this.#events.addEmpty(at)
    if (choice === undefined) return
    const text = plainText(chunk)
    if (text !== undefined) this.#repeated.learn(data, text, (other) => plainText(parsedFields(other)))
  }

  /** The same of the bytes of one event; `false` where they must be read as text. */
  takeBytes(bytes: Buffer, start: number, end: number, at: Ns, read: number): boolean {
    if (this.#endedAt !== undefined) return false
    const text = this.#repeated.textInBytes(bytes, start, end)
    if (text === undefined) return false
    this.#events.add('text', text, text, at, read)
    return true
  }

  /** Whether `[DONE]` has come, or what is no part of an answer. */
  get isOver(): boolean {
    return this.#endedAt !== undefined || this.#problem !== undefined
  }

  /** All that came, its times counted from `sentAt`. */
  result(sentAt: Ns): Answer {
    return {
      ...this.#events.result(sentAt, this.#usageOfText()),
      isWhole: this.#isWhole && (this.#habits.saysWhy !== true || this.#finish !== undefined),
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      ...(this.#finish !== undefined && { finish: this.#finish }),
      ...(this.#engine && { engine: this.#engine }),
      ...(this.#problem && { problem: this.#problem }),
    }
  }

  /** Without the token that ended the answer, where it is no part of the text: each content event has a token at least. */
  #usageOfText(): Usage {
    const { outputTokens } = this.#usage
    if (this.#habits.countsEnd !== true || outputTokens === undefined || this.#finish !== 'stop') return this.#usage
    return { ...this.#usage, outputTokens: Math.max(outputTokens - 1, Math.min(outputTokens, this.#events.length)) }
  }

  #done(at: Ns): void {
    this.#endedAt = at
    this.#isWhole = true
  }

  #choose(choice: Fields, at: Ns, read: number): void {
    const carried = carriedBy(choice)
    if (carried.text !== '') this.#events.addCarried(carried, at, read)
    const finish = choice['finish_reason']
    if (typeof finish !== 'string' || finish === '') return
    this.#finish = finish
    this.#isWhole = true
  }

  #count(chunk: Fields): void {
    const usage = usageOf(chunk)
    if (usage) this.#usage = { ...this.#usage, ...usage }
    const contradiction = this.#events.count(usage?.outputTokens)
    if (contradiction !== undefined) this.#fail('malformed-response', contradiction)
    if (Array.isArray(chunk['choices']) && chunk['choices'].length === 0 && usage?.outputTokens !== undefined)
      this.#isWhole = true
    this.#engine = timingsOf(chunk) ?? this.#engine
  }

  #error(chunk: Fields): void {
    this.#fail('error-in-stream', `the server said: ${evidence(errorOf(chunk) ?? shownJson(chunk))}`)
  }

  #fail(reason: 'error-in-stream' | 'malformed-response', detail: string): void {
    this.#problem ??= { reason, detail }
  }
}
