import { type Ask, bodyOf, hasModel, invalid, limitOf, noObject, promptTokensOf, type Refusal } from './emulated-ask.ts'
import { asciiJson, eventFraming, type Scene, type Script, type Voice } from './emulated-voice.ts'

function readAsk(text: string, models: readonly string[]): Ask | Refusal {
  const body = bodyOf(text)
  if (body === undefined) return noObject()
  const model = body['model'] ?? models[0] ?? ''
  if (typeof model !== 'string' || !hasModel(models, model))
    return { status: 400, message: 'model not found', type: 'invalid_request_error' }
  const promptTokens = promptTokensOf(body['prompt'])
  if (promptTokens === undefined) return invalid('"prompt" is missing or no text')
  const asked = body['n_predict']
  const limit = limitOf(asked === -1 ? undefined : asked, 'n_predict')
  if ('status' in limit) return limit
  return { kind: 'completion', model, stream: body['stream'] === true, promptTokens, ...limit, usage: 'end' }
}

/** Events as llama-server writes them at `/completion`: each with the count of tokens up to it, the last with times. */
class LlamaServerScript implements Script {
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  content(text: string, { told }: Scene): readonly string[] {
    return [asciiJson({ index: 0, content: text, tokens: [], stop: false, id_slot: -1, ...countsOf(told()) })]
  }

  last(scene: Scene): readonly string[] {
    return [this.whole('', scene)]
  }

  whole(text: string, { told, times }: Scene): string {
    const usage = told()
    const { promptNs, decodeNs } = times()
    const cached = usage?.cachedTokens ?? 0
    const promptTokens = this.#ask.promptTokens - cached
    const between = Math.max(0, this.#ask.outputTokens - 1)
    const spent = { prompt_ms: promptNs / 1e6, predicted_ms: decodeNs / 1e6 }
    const each = between === 0 ? 0 : spent.predicted_ms / between
    return asciiJson({
      index: 0,
      content: text,
      tokens: [],
      id_slot: 0,
      stop: true,
      model: this.#ask.model,
      ...countsOf(usage, this.#ask.finish === 'stop' ? 1 : 0),
      truncated: false,
      stop_type: this.#ask.finish === 'stop' ? 'eos' : 'limit',
      stopping_word: '',
      ...(usage && {
        timings: {
          cache_n: cached,
          prompt_n: promptTokens,
          predicted_n: this.#ask.outputTokens,
          ...spent,
          predicted_per_token_ms: each,
        },
      }),
    })
  }
}

const countsOf = (usage: ReturnType<Scene['told']>, ending = 0) =>
  usage && { tokens_predicted: usage.outputTokens + ending, tokens_evaluated: usage.promptTokens }

/** `/completion`. */
export const llamaServerVoice: Voice = {
  readAsk,
  errorJson: ({ message, type, code }) => asciiJson({ error: { code: code ?? 400, message, type } }),
  script: (ask) => new LlamaServerScript(ask),
  framing: eventFraming('no-done'),
}
