import { type Ask, bodyOf, hasModel, invalid, limitOf, noObject, promptTokensOf, type Refusal } from './emulated-ask.ts'
import { asciiJson, eventFraming, type Scene, type Script, type Voice } from './emulated-voice.ts'

function readAsk(stream: boolean, text: string, models: readonly string[]): Ask | Refusal {
  const body = bodyOf(text)
  if (body === undefined) return { ...noObject(), status: 422 }
  const model = body['model_id']
  if (typeof model !== 'string') return invalid('Please provide model_id in payload')
  if (!hasModel(models, model))
    return { status: 404, message: `Model '${model}' not found`, type: 'invalid_request_error' }
  const inputs = body['inputs']
  const promptTokens = typeof inputs === 'string' ? promptTokensOf(inputs) : undefined
  if (promptTokens === undefined) return { ...invalid('Field required'), status: 422 }
  const parameters = bodyOf(JSON.stringify(body['parameters'] ?? {})) ?? {}
  const limit = limitOf(parameters['max_new_tokens'], 'max_new_tokens')
  if ('status' in limit) return { ...limit, status: 422 }
  return { kind: 'completion', model, stream, promptTokens, ...limit, usage: 'end' }
}

/** Events as Caikit writes them over TGIS: counts in each, those of the prompt in the first alone. */
class CaikitScript implements Script {
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  content(text: string, scene: Scene): readonly string[] {
    const endsHere = scene.isLast && this.#ask.finish === 'length'
    return [this.#event(text, scene, endsHere ? 'MAX_TOKENS' : 'NOT_FINISHED')]
  }

  last(scene: Scene): readonly string[] {
    return this.#ask.finish === 'stop' ? [this.#event('', scene, 'EOS_TOKEN')] : []
  }

  whole(text: string, { told }: Scene): string {
    const usage = told()
    return asciiJson({
      generated_text: text,
      ...(usage && { generated_tokens: usage.outputTokens, input_token_count: usage.promptTokens }),
      finish_reason: this.#ask.finish === 'stop' ? 'EOS_TOKEN' : 'MAX_TOKENS',
      producer_id: null,
      seed: null,
    })
  }

  #event(text: string, { isFirst, told }: Scene, finish: string): string {
    const usage = told()
    const details = {
      finish_reason: finish,
      ...(usage && {
        generated_tokens: usage.outputTokens + (finish === 'EOS_TOKEN' ? 1 : 0),
        input_token_count: isFirst ? usage.promptTokens : 0,
      }),
      seed: null,
    }
    return asciiJson({ generated_text: text, tokens: [], details, producer_id: null, input_tokens: [] })
  }
}

const voiceOf = (stream: boolean): Voice => ({
  readAsk: (text, models) => readAsk(stream, text, models),
  errorJson: ({ message, code }) => asciiJson({ details: message, code: code ?? 400, id: 'emulated' }),
  script: (ask) => new CaikitScript(ask),
  framing: eventFraming('no-done'),
})

/** `/api/v1/task/server-streaming-text-generation` and `/api/v1/task/text-generation`. */
export const caikitVoices = { stream: voiceOf(true), whole: voiceOf(false) }
