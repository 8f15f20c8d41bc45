import type { Sampling } from '../domain/cell.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { Fields } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { bodyWith } from './body-with.ts'
import { generationSaid } from './generation-said.ts'
import { askOnce, overGrpc } from './grpc-ask.ts'
import { type Said, JsonReader } from './json-reader.ts'
import type { Attachment, Protocol } from './protocol.ts'
import { textBehind } from './wire-jobs.ts'

const service = '/fmaas.GenerationService'
/** As a server finds a model behind one address. */
const modelHeader = (model: string) => ({ 'mm-model-id': model })

/** TGIS, IBM's fork of TGI: `fmaas.GenerationService` over gRPC. It tells no times of its own. */
export const tgisProtocol: Protocol = {
  ...overGrpc,
  attach,
  ask({ text, maxTokens, workload: { sampling, output } }, { model, extraBody }, start) {
    const stopping = {
      max_new_tokens: maxTokens,
      ...(output === 'fixed' && { min_new_tokens: maxTokens }),
      ...(sampling.stop && { stop_sequences: sampling.stop }),
    }
    const fields = {
      model_id: model,
      request: { text: textBehind(start, text) },
      params: { ...sampled(sampling), stopping, response: { input_text: false } },
    }
    return {
      path: `${service}/GenerateStream`,
      body: bodyWith(fields, extraBody, 'params'),
      headers: modelHeader(model),
    }
  },
  reader: (maxTokens, onContent) => new JsonReader(said, maxTokens, onContent),
  recorded: `${service}/GenerateStream`,
}

/** `ModelInfo`: it does not say a name or a version. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const asked = { path: `${service}/ModelInfo`, body: { model_id: model }, headers: modelHeader(model) }
  const info = await askOnce(attachment, asked)
  const { model_kind: kind, max_sequence_length: contextSize, max_new_tokens: most } = info
  const says = {
    model_kind: typeof kind === 'string' ? kind : 'DECODER_ONLY',
    ...(typeof contextSize === 'number' && { max_sequence_length: contextSize }),
    ...(typeof most === 'number' && { max_new_tokens: most }),
  }
  return {
    name: 'tgis',
    ...(typeof contextSize === 'number' && { contextSize }),
    artifact: { digest },
    server: { url, place: await serverPlace(url), model, says },
  }
}

// A limit of 0 is none there, as with us.
function sampled({ temperature, topK, topP, seed }: Sampling) {
  if (temperature === 0) return { method: 'GREEDY' }
  return { method: 'SAMPLE', sampling: { temperature, top_k: topK, top_p: topP, seed } }
}

/** The first message has only the count of the prompt's tokens. */
const said = (message: Fields): Said =>
  generationSaid({
    text: message['text'],
    outputTokens: message['generated_token_count'],
    promptTokens: message['input_token_count'],
    stopReason: message['stop_reason'],
  })
