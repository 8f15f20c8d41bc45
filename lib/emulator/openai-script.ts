import type { EmulatedUsage } from '../domain/emulation.ts'
import { type Ask, readAsk, type Refusal } from './emulated-ask.ts'
import { asciiJson, event, eventFraming, type Scene, type Script, type Voice } from './emulated-voice.ts'

/** OpenAI's form of an error. */
export function errorJson({ message, type, param, code }: Omit<Refusal, 'status'>): string {
  return asciiJson({ error: { message, type, param: param ?? null, code: code ?? null } })
}

const mark = '<text>'

/** The JSON that a response in OpenAI's form is made of. */
export class OpenAiScript implements Script {
  readonly #ask: Ask
  readonly #head: string
  /** What stands before and after the text of a content event that says nothing else. */
  readonly #open: string
  readonly #close: string
  readonly #id: { id: string; created: number; model: string }

  constructor(ask: Ask, { number, createdS }: { number: number; createdS: number }) {
    this.#ask = ask
    const id = `${ask.kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${number}`
    this.#id = { id, created: createdS, model: ask.model }
    const object = ask.kind === 'chat' ? 'chat.completion.chunk' : 'text_completion'
    this.#head = asciiJson({ ...this.#id, object }).slice(0, -1)
    const whole = event(this.#content(mark))
    const at = whole.lastIndexOf(mark) // a model may be called so
    this.#open = whole.slice(0, at)
    this.#close = whole.slice(at + mark.length)
  }

  /** Of a chat alone. */
  get role(): Script['role'] {
    if (this.#ask.kind !== 'chat') return undefined
    return (scene) => this.#chunk('{"role":"assistant","content":""}', 'null', scene.running())
  }

  content(text: string, scene: Scene): readonly string[] {
    return [this.#content(text, { first: scene.isFirst && scene.withRole, usage: scene.running() })]
  }

  /** A chunk of text; `first`: it says the role too. */
  #content(text: string, { first, usage }: { first?: boolean; usage?: EmulatedUsage | undefined } = {}): string {
    const role = first === true ? '"role":"assistant",' : ''
    return this.#chunk(`{${role}"content":${asciiJson(text)}}`, 'null', usage, text)
  }

  /** The frame of a content event that says nothing else: the hot path. `text` has nothing that JSON escapes, and is ASCII. */
  contentFrame(text: string): string {
    const length = this.#open.length + text.length + this.#close.length
    return `${length.toString(16)}\r\n${this.#open}${text}${this.#close}\r\n`
  }

  last(scene: Scene): readonly string[] {
    const finish = this.#chunk('{}', `"${this.#ask.finish}"`, scene.running())
    const usage = scene.told()
    return usage === undefined ? [finish] : [finish, `${this.#head},"choices":[],"usage":${usageJson(usage)}}`]
  }

  #chunk(delta: string, finish: string, usage: EmulatedUsage | undefined, text = ''): string {
    const told = usage === undefined ? '' : `,"usage":${usageJson(usage)}`
    const what = this.#ask.kind === 'chat' ? `"delta":${delta}` : `"text":${asciiJson(text)}`
    return `${this.#head},"choices":[{"index":0,${what},"logprobs":null,"finish_reason":${finish}}]${told}}`
  }

  /** The body of a response that is no stream. */
  whole(text: string, scene: Scene): string {
    const usage = scene.told()
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

const voiceOf = (kind: Ask['kind']): Voice => ({
  readAsk: (text, models) => readAsk(kind, text, models),
  errorJson,
  script: (ask, answer) => new OpenAiScript(ask, answer),
  framing: eventFraming('done'),
})

/** `/v1/chat/completions` and `/v1/completions`. */
export const openAiVoices = { chat: voiceOf('chat'), completion: voiceOf('completion') }
