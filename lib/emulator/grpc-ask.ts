import { type Fields, fieldsOf, parsedFields } from '../wire/json-fields.ts'
import { type Ask, hasModel } from './emulated-ask.ts'
import { countWords } from './emulated-text.ts'

/** A call that is answered with a status alone. */
export type GrpcRefusal = { code: number; message: string }
/** Which service asks: their messages differ. */
export type GrpcAsk = Ask & { service: 'tgis' | 'caikit' }

const [invalidArgument, notFound] = [3, 5]
/** What TGIS takes where no number is said. */
const unaskedTokens = 20
const mostTokens = 1_000_000
const mostContext = 32_768

/** Reads what a call asks for, in the form of its service. */
export function readGrpcAsk(
  path: string,
  { ask, headers }: { ask: string; headers: Readonly<Record<string, string>> },
  models: readonly string[],
): GrpcAsk | GrpcRefusal {
  const body = parsedFields(ask) ?? {}
  const service = path.startsWith('/fmaas.') ? 'tgis' : 'caikit'
  const own = service === 'tgis' ? text(body['model_id']) : undefined
  const named = own ?? headers['mm-model-id'] ?? ''
  if (named !== '' && !hasModel(models, named)) return { code: notFound, message: `there is no model ${named} here` }
  if (named === '' && service === 'caikit')
    return { code: invalidArgument, message: 'no model: mm-model-id is missing' }
  const asked = service === 'tgis' ? tgisOf(body) : { text: text(body['text']), tokens: body['max_new_tokens'] }
  if (asked === undefined || asked.text === undefined) return { code: invalidArgument, message: 'must be one text' }
  const outputTokens = Number(asked.tokens ?? unaskedTokens)
  if (!Number.isSafeInteger(outputTokens) || outputTokens < 1 || outputTokens > mostTokens)
    return { code: invalidArgument, message: `max_new_tokens must be from 1 to ${mostTokens}` }
  return {
    service,
    kind: 'completion',
    model: named,
    stream: path.includes('Stream'),
    promptTokens: countWords(asked.text),
    outputTokens,
    finish: asked.tokens === undefined ? 'stop' : 'length',
    usage: 'continuous',
  }
}

function tgisOf(body: Fields): { text: string | undefined; tokens: unknown } | undefined {
  const requests = Array.isArray(body['requests']) ? (body['requests'] as unknown[]) : [body['request']]
  if (requests.length !== 1) return undefined
  const stopping = fieldsOf(fieldsOf(body['params'])?.['stopping'])
  return { text: text(fieldsOf(requests[0])?.['text']) ?? '', tokens: stopping?.['max_new_tokens'] }
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** What is answered at once, without anything generated; `undefined` of what generates. */
export function answeredAtOnce(path: string, ask: string): object | undefined {
  const body = parsedFields(ask) ?? {}
  if (path.endsWith('/ModelInfo'))
    return { model_kind: 'DECODER_ONLY', max_sequence_length: mostContext, max_new_tokens: mostContext - 1 }
  if (path.endsWith('/TokenizationTaskPredict')) return { token_count: countWords(text(body['text']) ?? '') }
  if (!path.endsWith('/Tokenize')) return undefined
  const requests = Array.isArray(body['requests']) ? (body['requests'] as unknown[]) : []
  return { responses: requests.map((one) => ({ token_count: countWords(text(fieldsOf(one)?.['text']) ?? '') })) }
}
