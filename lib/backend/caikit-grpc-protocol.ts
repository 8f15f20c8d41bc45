import { EngineFailure } from '../domain/backend.ts'
import type { Sampling } from '../domain/cell.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { bodyWith } from './body-with.ts'
import { generationSaid } from './generation-said.ts'
import { askOnce, overGrpc } from './grpc-ask.ts'
import { type Said, JsonReader } from './json-reader.ts'
import type { Attachment, Protocol } from './protocol.ts'
import { textBehind } from './wire-jobs.ts'

const service = '/caikit.runtime.Nlp.NlpService'
const streaming = `${service}/ServerStreamingTextGenerationTaskPredict`
const modelHeader = (model: string) => ({ 'mm-model-id': model })

/** Caikit over gRPC, which names the model in the metadata `mm-model-id`. */
export const caikitGrpcProtocol: Protocol = {
  ...overGrpc,
  attach,
  ask({ text, maxTokens, workload: { sampling, output } }, { model, extraBody }, start) {
    const fields = {
      text: textBehind(start, text),
      max_new_tokens: maxTokens,
      ...(output === 'fixed' && { min_new_tokens: maxTokens }),
      ...sampled(sampling),
      ...(sampling.stop && { stop_sequences: sampling.stop }),
      preserve_input_text: false,
    }
    return { path: streaming, body: bodyWith(fields, extraBody), headers: modelHeader(model) }
  },
  reader: (maxTokens, onContent) => new JsonReader(said, maxTokens, onContent),
  recorded: streaming,
}

/** A model that is not there refuses to count tokens too; a server that cannot count them at all says nothing of the model. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const path = `${service}/TokenizationTaskPredict`
  try {
    await askOnce(attachment, { path, body: { text: 'a' }, headers: modelHeader(model) })
  } catch (error) {
    if (!(error instanceof EngineFailure) || !error.message.includes('UNIMPLEMENTED')) throw error
  }
  return { name: 'caikit', artifact: { digest }, server: { url, place: await serverPlace(url), model, says: {} } }
}

function sampled({ temperature, topK, topP, seed }: Sampling) {
  if (temperature === 0) return { decoding_method: 'GREEDY' }
  return { decoding_method: 'SAMPLING', temperature, top_k: topK, top_p: topP, seed }
}

function said(message: Fields): Said {
  const details = fieldsOf(message['details']) ?? {}
  return generationSaid({
    text: message['generated_text'],
    outputTokens: details['generated_tokens'],
    promptTokens: details['input_token_count'],
    stopReason: details['finish_reason'],
  })
}
