import type { OnContent } from '../domain/backend.ts'
import { encodeTimes } from '../domain/event-times.ts'
import type { Channel, ContentEvents, EngineTimings, Ns } from '../domain/timeline.ts'
import { evidence } from '../wire/evidence.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { MalformedResponse } from '../wire/malformed-response.ts'
import { carriedBy, type Carried, errorOf, plainText, firstChoice, timingsOf, usageOf } from './openai-chunk.ts'
import { NumberList } from '../wire/number-list.ts'
import type { Answer, AnswerReader, Usage } from './protocol.ts'
import { RepeatedChunk } from './repeated-chunk.ts'
import { TextBuffer } from './text-buffer.ts'

/**
 * Content events of one answer. More than one for each token can come, and `extraBody` can ask for more tokens; but of an
 * answer without an end, of which each event is kept as some numbers, nobody is to run out of memory.
 */
export const mostEvents = (maxTokens: number): number => 100 * maxTokens + 100_000

/**
 * Reads the chunks of chat and text completions as they come. A content event carries text, reasoning or a part of a tool
 * call; what has only a role, an empty text or usage is none. Every chunk passes here between two socket reads, so that
 * nothing of it lives on but numbers and the text.
 */
export class ChunkReader implements AnswerReader {
  readonly #onContent: OnContent | undefined
  readonly #mostEvents: number
  readonly #times: NumberList
  readonly #characters: NumberList
  readonly #reads: NumberList
  /** The server's count of output tokens at each content event, as long as it sends one with each. */
  readonly #counts = new NumberList(0)
  #channels: Channel[] | undefined
  #firstChunk: Ns | undefined
  readonly #empty: Ns[] = []
  readonly #output = new TextBuffer()
  /** Absent as long as it equals `#output`. */
  #answer: TextBuffer | undefined
  #usage: Usage = {}
  #engine: EngineTimings | undefined
  #finish: string | undefined
  #endedAt: Ns | undefined
  #isWhole = false
  #problem: Answer['problem']
  readonly #repeated = new RepeatedChunk()

  constructor(maxTokens: number, onContent?: OnContent) {
    this.#mostEvents = mostEvents(maxTokens)
    this.#times = new NumberList(maxTokens)
    this.#characters = new NumberList(maxTokens)
    this.#reads = new NumberList(maxTokens)
    this.#onContent = onContent
  }

  /**
   * Takes one event's data, when it came, and the number of the read that brought it. Throws a `MalformedResponse`, which ends
   * the response, where there is no end of them.
   */
  take(data: string, at: Ns, read: number): void {
    if (this.#endedAt !== undefined || data === '') return
    if (data.startsWith('[DONE]') && data.trim() === '[DONE]') return this.#done(at)
    const known = this.#repeated.textOf(data)
    if (known !== undefined) return this.#addEvent('text', known, known, at, read)
    const chunk = parsedFields(data)
    if (chunk === undefined)
      return this.#fail('malformed-response', `a chunk that is no JSON object: ${evidence(data)}`)
    this.#firstChunk ??= at
    const { choices, usage, timings, error, object } = chunk
    if (error !== undefined && error !== null) return this.#error(chunk)
    if (choices === undefined && object === 'error') return this.#error(chunk)
    if ((usage !== undefined && usage !== null) || timings !== undefined) this.#count(chunk)
    const contents = this.#times.length
    const choice = firstChoice(chunk)
    if (choice !== undefined) this.#choose(choice, at, read)
    if (this.#times.length === contents && Array.isArray(choices) && choices.length > 0) this.#addEmpty(at)
    if (choice === undefined) return
    const text = plainText(chunk)
    if (text !== undefined) this.#repeated.learn(data, text, (other) => plainText(parsedFields(other)))
  }

  /** The same of the bytes of one event; `false` where they must be read as text. */
  takeBytes(bytes: Buffer, start: number, end: number, at: Ns, read: number): boolean {
    if (this.#endedAt !== undefined) return false
    const text = this.#repeated.textInBytes(bytes, start, end)
    if (text === undefined) return false
    this.#addEvent('text', text, text, at, read)
    return true
  }

  /** Whether `[DONE]` has come. */
  get isOver(): boolean {
    return this.#endedAt !== undefined
  }

  /** All that came, its times counted from `sentAt`. */
  result(sentAt: Ns): Answer {
    const events = this.#events(sentAt)
    const first = this.#firstChunk
    const firstUs =
      first === undefined || first === this.#times.values[0] ? undefined : Math.round((first - sentAt) / 1000)
    const output = this.#output.toString()
    return {
      output,
      answer: this.#answer?.toString() ?? output,
      usage: this.#usage,
      isWhole: this.#isWhole,
      ...(events && { events }),
      ...(firstUs !== undefined && { firstChunkUs: firstUs }),
      ...(this.#empty.length > 0 && { emptyChunksUs: this.#empty.map((at) => Math.round((at - sentAt) / 1000)) }),
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      ...(this.#finish !== undefined && { finish: this.#finish }),
      ...(this.#engine && { engine: this.#engine }),
      ...(this.#problem && { problem: this.#problem }),
    }
  }

  #addEmpty(at: Ns): void {
    if (this.#empty.push(at) > this.#mostEvents)
      throw new MalformedResponse(`more than ${this.#mostEvents} chunks without content: the answer has no end`)
  }

  #done(at: Ns): void {
    this.#endedAt = at
    this.#isWhole = true
  }

  #choose(choice: Fields, at: Ns, read: number): void {
    this.#write(choice, at, read)
    const finish = choice['finish_reason']
    if (typeof finish !== 'string' || finish === '') return
    this.#finish = finish
    this.#isWhole = true
  }

  #write(choice: Fields, at: Ns, read: number): void {
    const carried = carriedBy(choice)
    if (carried.text !== '') this.#add(carried, at, read)
  }

  #add({ channel, text, alone }: Carried, at: Ns, read: number): void {
    if (channel !== 'text') this.#channels ??= Array.from({ length: this.#times.length }, () => 'text')
    if (alone !== text) this.#answer ??= this.#output.copy()
    this.#addEvent(channel, text, alone, at, read)
  }

  #addEvent(channel: Channel, text: string, alone: string, at: Ns, read: number): void {
    if (this.#times.length >= this.#mostEvents)
      throw new MalformedResponse(`more than ${this.#mostEvents} content events: the answer has no end`)
    this.#channels?.push(channel)
    this.#answer?.add(alone)
    this.#output.add(text)
    this.#times.push(at)
    this.#characters.push(text.length)
    this.#reads.push(read)
    if (this.#counts.length === this.#times.length - 1 && this.#counted !== undefined) this.#counts.push(this.#counted)
    this.#counted = undefined
    this.#onContent?.(at)
  }

  /** What the server has counted since the last content event; absent where it did not say. */
  #counted: number | undefined

  #count(chunk: Fields): void {
    const usage = usageOf(chunk)
    if (usage) this.#usage = { ...this.#usage, ...usage }
    this.#counted = usage?.outputTokens
    if (Array.isArray(chunk['choices']) && chunk['choices'].length === 0 && usage?.outputTokens !== undefined)
      this.#isWhole = true
    this.#engine = timingsOf(chunk) ?? this.#engine
  }

  #events(sentAt: Ns): ContentEvents | undefined {
    const length = this.#times.length
    if (length === 0) return undefined
    const tokens = tokensOf(this.#counts.toArray(), length)
    const isOneEach = tokens === undefined ? this.#usage.outputTokens === length : tokens.every((count) => count === 1)
    return {
      deltasUs: encodeTimes(this.#times.values, sentAt),
      ...(!isOneEach && (tokens === undefined ? { characters: this.#characters.toArray() } : { tokens })),
      ...(this.#channels && { channels: this.#channels }),
      ...(sharesReads(this.#reads.values) && { reads: this.#reads.toArray() }),
    }
  }

  #error(chunk: Fields): void {
    this.#fail('error-in-stream', `the server said: ${evidence(errorOf(chunk) ?? JSON.stringify(chunk))}`)
  }

  #fail(reason: 'error-in-stream' | 'malformed-response', detail: string): void {
    this.#problem ??= { reason, detail }
  }
}

/** Differences of running counts; absent where some are lacking, or where they do not run. */
function tokensOf(counts: readonly number[], length: number): number[] | undefined {
  if (counts.length < length) return undefined
  const tokens = counts.map((count, i) => count - (counts[i - 1] ?? 0))
  return tokens.some((count) => count < 0) || counts.at(-1) === 0 ? undefined : tokens
}

// Reads are in order: two events of one read are neighbours.
const sharesReads = (reads: Float64Array) => reads.some((read, i) => read === reads[i - 1])
