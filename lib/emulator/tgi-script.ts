import { type Ask, bodyOf, invalid, limitOf, noObject, promptTokensOf, type Refusal } from './emulated-ask.ts'
import { asciiJson, eventFraming, type Scene, type Script, type Voice } from './emulated-voice.ts'

function readAsk(stream: boolean, text: string, models: readonly string[]): Ask | Refusal {
  const body = bodyOf(text)
  if (body === undefined) return noObject()
  const inputs = body['inputs']
  const promptTokens = typeof inputs === 'string' ? promptTokensOf(inputs) : undefined
  if (promptTokens === undefined) return { ...invalid('missing field `inputs`'), status: 422 }
  const parameters = bodyOf(JSON.stringify(body['parameters'] ?? {})) ?? {}
  const limit = limitOf(parameters['max_new_tokens'], 'max_new_tokens')
  if ('status' in limit) return { ...limit, status: 422 }
  const usage = parameters['details'] === true ? 'end' : 'none'
  return { kind: 'completion', model: models.at(-1) ?? '', stream, promptTokens, ...limit, usage }
}

/** Events as Text Generation Inference writes them: a token each, the last with the whole text and the counts. */
class TgiScript implements Script {
  readonly #ask: Ask
  #index = 0
  #text = ''

  constructor(ask: Ask) {
    this.#ask = ask
  }

  content(text: string, scene: Scene): readonly string[] {
    const tokens = text.match(/ \S+/g) ?? [text]
    this.#text += text
    return tokens.map((token, i) => this.#event(token, i === tokens.length - 1 && this.#endsWithText(scene), scene))
  }

  /** Where the model itself ended the text, its token is an event of its own, and no text. */
  last(scene: Scene): readonly string[] {
    return this.#ask.finish === 'stop' ? [this.#event('</s>', true, scene)] : []
  }

  whole(text: string, scene: Scene): string {
    return asciiJson({ generated_text: text, ...this.#details(scene) })
  }

  #endsWithText({ isLast }: Scene): boolean {
    return isLast && this.#ask.finish === 'length'
  }

  #event(text: string, isEnd: boolean, scene: Scene): string {
    this.#index += 1
    const special = text === '</s>'
    const end = isEnd ? { generated_text: this.#text, details: null, ...this.#details(scene) } : undefined
    const token = { id: this.#index, text, logprob: -0.5, special }
    return asciiJson({ index: this.#index, token, ...(end ?? { generated_text: null, details: null }) })
  }

  #details({ told }: Scene) {
    const usage = told()
    if (usage === undefined) return undefined
    const isStop = this.#ask.finish === 'stop'
    return {
      details: {
        finish_reason: isStop ? 'eos_token' : 'length',
        generated_tokens: usage.outputTokens + (isStop ? 1 : 0),
        seed: null,
        input_length: usage.promptTokens,
      },
    }
  }
}

const kinds: Readonly<Record<string, string>> = { rate_limit_error: 'overloaded', invalid_request_error: 'validation' }

const voiceOf = (stream: boolean): Voice => ({
  readAsk: (text, models) => readAsk(stream, text, models),
  errorJson: ({ message, type }) => asciiJson({ error: message, error_type: kinds[type] ?? 'generation' }),
  script: (ask) => new TgiScript(ask),
  framing: eventFraming('no-done'),
})

/** `/generate_stream` and `/generate`. */
export const tgiVoices = { stream: voiceOf(true), whole: voiceOf(false) }
