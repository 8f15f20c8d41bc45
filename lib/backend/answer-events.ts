import type { OnContent } from '../domain/backend.ts'
import { encodeTimes } from '../domain/event-times.ts'
import type { Channel, ContentEvents, Ns } from '../domain/timeline.ts'
import { MalformedResponse } from '../wire/malformed-response.ts'
import { NumberList } from '../wire/number-list.ts'
import type { Answer, Usage } from './protocol.ts'
import { TextBuffer } from './text-buffer.ts'

/**
 * Content events of one answer. More than one for each token can come, and `extraBody` can ask for more tokens; but of an
 * answer without an end, of which each event is kept as some numbers, nobody is to run out of memory.
 */
export const mostEvents = (maxTokens: number): number => 100 * maxTokens + 100_000

/** What one chunk carries of the model's writing; a channel that is not there is empty. `alone`: the part that is the answer. */
export type Carried = { channel: Channel; text: string; alone: string }

/** The content events of one answer as they come. Nothing of a chunk lives on but numbers and the text. */
export class AnswerEvents {
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
  /** What the server has counted since the last content event; absent where it did not say. */
  #counted: number | undefined
  #mostCounted = 0

  constructor(maxTokens: number, onContent?: OnContent) {
    this.#mostEvents = mostEvents(maxTokens)
    this.#times = new NumberList(maxTokens)
    this.#characters = new NumberList(maxTokens)
    this.#reads = new NumberList(maxTokens)
    this.#onContent = onContent
  }

  get length(): number {
    return this.#times.length
  }

  /** A chunk came, whatever it carries. */
  seen(at: Ns): void {
    this.#firstChunk ??= at
  }

  /** The server's count of output tokens, which goes with the next content event; returns how it contradicts an earlier one. */
  count(outputTokens: number | undefined): string | undefined {
    this.#counted = outputTokens
    const most = this.#mostCounted
    // The token that ended an answer is counted, and taken off again at its end.
    if (outputTokens !== undefined && outputTokens + 1 < most)
      return `the server counted ${outputTokens} output tokens after it had counted ${most}`
    this.#mostCounted = Math.max(most, outputTokens ?? 0)
    return undefined
  }

  addCarried({ channel, text, alone }: Carried, at: Ns, read: number): void {
    if (channel !== 'text') this.#channels ??= Array.from({ length: this.#times.length }, () => 'text')
    if (alone !== text) this.#answer ??= this.#output.copy()
    this.add(channel, text, alone, at, read)
  }

  /** The hot path. Throws a `MalformedResponse` where there is no end of them. */
  add(channel: Channel, text: string, alone: string, at: Ns, read: number): void {
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

  /** A chunk that says nothing where a content event could have been. Throws a `MalformedResponse` where there is no end of them. */
  addEmpty(at: Ns): void {
    if (this.#empty.push(at) > this.#mostEvents)
      throw new MalformedResponse(`more than ${this.#mostEvents} chunks without content: the answer has no end`)
  }

  /** All that came, its times counted from `sentAt`. */
  result(
    sentAt: Ns,
    usage: Usage,
  ): Pick<Answer, 'output' | 'answer' | 'usage' | 'events' | 'firstChunkUs' | 'emptyChunksUs'> {
    const events = this.#events(sentAt, usage)
    const first = this.#firstChunk
    const firstUs =
      first === undefined || first === this.#times.values[0] ? undefined : Math.round((first - sentAt) / 1000)
    const output = this.#output.toString()
    return {
      output,
      answer: this.#answer?.toString() ?? output,
      usage,
      ...(events && { events }),
      ...(firstUs !== undefined && { firstChunkUs: firstUs }),
      ...(this.#empty.length > 0 && { emptyChunksUs: this.#empty.map((at) => Math.round((at - sentAt) / 1000)) }),
    }
  }

  #events(sentAt: Ns, { outputTokens }: Usage): ContentEvents | undefined {
    const length = this.#times.length
    if (length === 0) return undefined
    const tokens = tokensOf(this.#counts.toArray(), length)
    const isOneEach = tokens === undefined ? outputTokens === length : tokens.every((count) => count === 1)
    return {
      deltasUs: encodeTimes(this.#times.values, sentAt),
      ...(!isOneEach && (tokens === undefined ? { characters: this.#characters.toArray() } : { tokens })),
      ...(this.#channels && { channels: this.#channels }),
      ...(sharesReads(this.#reads.values) && { reads: this.#reads.toArray() }),
    }
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
