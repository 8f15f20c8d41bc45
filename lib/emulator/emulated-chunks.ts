import type { EmulatedUsage } from '../domain/emulation.ts'
import type { Ask, Refusal } from './emulated-ask.ts'

/** JSON in ASCII, so that a character is a byte. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Data of one server-sent event. */
export const event = (data: string): string => `data: ${data}\n\n`

/** A piece of a body in `Transfer-Encoding: chunked`; ASCII. */
export const framed = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** What a stream ends with. */
export const endOfStream = `${framed(event('[DONE]'))}0\r\n\r\n`

/** OpenAI's form of an error. */
export function errorJson({ message, type, param, code }: Omit<Refusal, 'status'>): string {
  return asciiJson({ error: { message, type, param: param ?? null, code: code ?? null } })
}

const mark = '<text>'

/** The JSON that a request's response is made of. */
export class Chunks {
  readonly #ask: Ask
  readonly #head: string
  /** What stands before and after the text of a content event that says nothing else. */
  readonly #open: string
  readonly #close: string
  readonly #id: { id: string; created: number; model: string }

  constructor(ask: Ask, number: number, createdS: number) {
    this.#ask = ask
    const id = `${ask.kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${number}`
    this.#id = { id, created: createdS, model: ask.model }
    const object = ask.kind === 'chat' ? 'chat.completion.chunk' : 'text_completion'
    this.#head = asciiJson({ ...this.#id, object }).slice(0, -1)
    const whole = event(this.content(mark))
    const at = whole.lastIndexOf(mark) // a model may be called so
    this.#open = whole.slice(0, at)
    this.#close = whole.slice(at + mark.length)
  }

  role(usage?: EmulatedUsage): string {
    return this.#chunk('{"role":"assistant","content":""}', 'null', usage)
  }

  /** A chunk of text; `first`: it says the role too. */
  content(text: string, { first, usage }: { first?: boolean; usage?: EmulatedUsage | undefined } = {}): string {
    const role = first === true ? '"role":"assistant",' : ''
    return this.#chunk(`{${role}"content":${asciiJson(text)}}`, 'null', usage, text)
  }

  /** The frame of a content event that says nothing else: the hot path. `text` has nothing that JSON escapes, and is ASCII. */
  contentFrame(text: string): string {
    const length = this.#open.length + text.length + this.#close.length
    return `${length.toString(16)}\r\n${this.#open}${text}${this.#close}\r\n`
  }

  finish(usage?: EmulatedUsage): string {
    return this.#chunk('{}', `"${this.#ask.finish}"`, usage)
  }

  usage(usage: EmulatedUsage): string {
    return `${this.#head},"choices":[],"usage":${usageJson(usage)}}`
  }

  #chunk(delta: string, finish: string, usage: EmulatedUsage | undefined, text = ''): string {
    const told = usage === undefined ? '' : `,"usage":${usageJson(usage)}`
    const what = this.#ask.kind === 'chat' ? `"delta":${delta}` : `"text":${asciiJson(text)}`
    return `${this.#head},"choices":[{"index":0,${what},"logprobs":null,"finish_reason":${finish}}]${told}}`
  }

  /** The body of a response that is no stream. */
  whole(text: string, usage: EmulatedUsage | undefined): string {
    const chat = this.#ask.kind === 'chat'
    const said = chat ? { message: { role: 'assistant', content: text } } : { text }
    return asciiJson({
      ...this.#id,
      object: chat ? 'chat.completion' : 'text_completion',
      choices: [{ index: 0, ...said, logprobs: null, finish_reason: this.#ask.finish }],
      ...(usage !== undefined && { usage: usageOf(usage) }),
    })
  }
}

const usageJson = (usage: EmulatedUsage) => JSON.stringify(usageOf(usage))

function usageOf({ promptTokens, outputTokens, cachedTokens }: EmulatedUsage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  }
}
