import {
  type Ask,
  bodyOf,
  hasModel,
  invalid,
  limitOf,
  messageTokens,
  noObject,
  promptTokensOf,
  type Refusal,
} from './emulated-ask.ts'
import { asciiJson, lineFraming, type Scene, type Script, type Voice } from './emulated-voice.ts'

function readAsk(kind: Ask['kind'], text: string, models: readonly string[]): Ask | Refusal {
  const body = bodyOf(text)
  if (body === undefined) return noObject()
  const { model } = body
  if (typeof model !== 'string') return { ...invalid('model is required'), status: 400 }
  if (!hasModel(models, model))
    return { status: 404, message: `model '${model}' not found`, type: 'invalid_request_error' }
  const promptTokens = kind === 'chat' ? messageTokens(body['messages']) : promptTokensOf(body['prompt'])
  if (promptTokens === undefined) return invalid(`${kind === 'chat' ? 'messages' : 'prompt'} is required`)
  const options = bodyOf(JSON.stringify(body['options'] ?? {})) ?? {}
  const asked = options['num_predict']
  const limit = limitOf(asked === -1 ? undefined : asked, 'num_predict')
  if ('status' in limit) return limit
  return { kind, model, stream: body['stream'] !== false, promptTokens, ...limit, usage: 'end' }
}

/** Lines as Ollama writes them: text, then one that has counts and durations. */
class OllamaScript implements Script {
  readonly #ask: Ask
  readonly #head: { model: string; created_at: string }

  constructor(ask: Ask, { createdS }: { createdS: number }) {
    this.#ask = ask
    this.#head = { model: ask.model, created_at: new Date(createdS * 1000).toISOString() }
  }

  content(text: string): readonly string[] {
    return [asciiJson({ ...this.#head, ...this.#said(text), done: false })]
  }

  last(scene: Scene): readonly string[] {
    return [this.whole('', scene)]
  }

  whole(text: string, scene: Scene): string {
    const { finish } = this.#ask
    return asciiJson({ ...this.#head, ...this.#said(text), done: true, done_reason: finish, ...this.#metrics(scene) })
  }

  #said(text: string) {
    return this.#ask.kind === 'chat' ? { message: { role: 'assistant', content: text } } : { response: text }
  }

  // What is zero is left out; the token that ends an answer by itself is counted.
  #metrics({ told, times }: Scene) {
    const { queueNs, promptNs, decodeNs } = times()
    const usage = told()
    const metrics = {
      total_duration: queueNs + promptNs + decodeNs,
      prompt_eval_count: usage?.promptTokens ?? 0,
      prompt_eval_duration: promptNs,
      eval_count: usage === undefined ? 0 : usage.outputTokens + (this.#ask.finish === 'stop' ? 1 : 0),
      eval_duration: decodeNs,
    }
    return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== 0))
  }
}

const voiceOf = (kind: Ask['kind']): Voice => ({
  readAsk: (text, models) => readAsk(kind, text, models),
  errorJson: ({ message }) => asciiJson({ error: message }),
  script: (ask, answer) => new OllamaScript(ask, answer),
  framing: lineFraming,
})

/** `/api/chat` and `/api/generate`. */
export const ollamaVoices = { chat: voiceOf('chat'), completion: voiceOf('completion') }
