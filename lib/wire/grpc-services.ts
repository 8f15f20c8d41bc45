/** A field's type and number; `[]` after the type: any number of them. */
type Fields = Readonly<Record<string, readonly [type: string, number: number]>>
/** What is asked and what is answered, by the names of messages; `stream`: any number of answers. */
type Method = { asks: string; answers: string; stream?: true }

export type GrpcPackage = {
  services: Readonly<Record<string, Readonly<Record<string, Method>>>>
  messages: Readonly<Record<string, Fields>>
  enums: Readonly<Record<string, readonly string[]>>
}

/** Alike in both, and in this order from 0. */
const stopReasons = [
  'NOT_FINISHED',
  'MAX_TOKENS',
  'EOS_TOKEN',
  'CANCELLED',
  'TIME_LIMIT',
  'STOP_SEQUENCE',
  'TOKEN_LIMIT',
  'ERROR',
]

const caikitAsk: Fields = {
  text: ['string', 1],
  max_new_tokens: ['int64', 2],
  min_new_tokens: ['int64', 3],
  truncate_input_tokens: ['int64', 4],
  decoding_method: ['string', 5],
  top_k: ['int64', 6],
  top_p: ['double', 7],
  typical_p: ['double', 8],
  temperature: ['double', 9],
  repetition_penalty: ['double', 10],
  max_time: ['double', 11],
  stop_sequences: ['string[]', 13],
  seed: ['uint64', 14],
  preserve_input_text: ['bool', 15],
  input_tokens: ['bool', 16],
  generated_tokens: ['bool', 17],
}

/**
 * The services that are asked over gRPC, by their packages: the numbers of the fields that are used, and of those that a file may ask for.
 * What an answer has besides is passed over, as protobuf wants it.
 */
export const grpcPackages: Readonly<Record<string, GrpcPackage>> = {
  fmaas: {
    services: {
      GenerationService: {
        Generate: { asks: 'BatchedGenerationRequest', answers: 'BatchedGenerationResponse' },
        GenerateStream: { asks: 'SingleGenerationRequest', answers: 'GenerationResponse', stream: true },
        Tokenize: { asks: 'BatchedTokenizeRequest', answers: 'BatchedTokenizeResponse' },
        ModelInfo: { asks: 'ModelInfoRequest', answers: 'ModelInfoResponse' },
      },
    },
    messages: {
      BatchedGenerationRequest: {
        model_id: ['string', 1],
        prefix_id: ['string', 2],
        requests: ['GenerationRequest[]', 3],
        params: ['Parameters', 10],
      },
      SingleGenerationRequest: {
        model_id: ['string', 1],
        prefix_id: ['string', 2],
        request: ['GenerationRequest', 3],
        params: ['Parameters', 10],
      },
      GenerationRequest: { text: ['string', 2] },
      Parameters: {
        method: ['DecodingMethod', 1],
        sampling: ['SamplingParameters', 2],
        stopping: ['StoppingCriteria', 3],
        response: ['ResponseOptions', 4],
        decoding: ['DecodingParameters', 5],
        truncate_input_tokens: ['uint32', 6],
      },
      SamplingParameters: {
        temperature: ['float', 1],
        top_k: ['uint32', 2],
        top_p: ['float', 3],
        typical_p: ['float', 4],
        seed: ['uint64', 5],
      },
      StoppingCriteria: {
        max_new_tokens: ['uint32', 1],
        min_new_tokens: ['uint32', 2],
        time_limit_millis: ['uint32', 3],
        stop_sequences: ['string[]', 4],
      },
      ResponseOptions: { input_text: ['bool', 1], generated_tokens: ['bool', 2], input_tokens: ['bool', 3] },
      DecodingParameters: { repetition_penalty: ['float', 1] },
      BatchedGenerationResponse: { responses: ['GenerationResponse[]', 1] },
      GenerationResponse: {
        generated_token_count: ['uint32', 2],
        text: ['string', 4],
        input_token_count: ['uint32', 6],
        stop_reason: ['StopReason', 7],
        seed: ['uint64', 10],
      },
      BatchedTokenizeRequest: {
        model_id: ['string', 1],
        requests: ['TokenizeRequest[]', 2],
        return_tokens: ['bool', 3],
      },
      TokenizeRequest: { text: ['string', 1] },
      BatchedTokenizeResponse: { responses: ['TokenizeResponse[]', 1] },
      TokenizeResponse: { token_count: ['uint32', 1], tokens: ['string[]', 2] },
      ModelInfoRequest: { model_id: ['string', 1] },
      ModelInfoResponse: {
        model_kind: ['ModelKind', 1],
        max_sequence_length: ['uint32', 2],
        max_new_tokens: ['uint32', 3],
      },
    },
    enums: {
      DecodingMethod: ['GREEDY', 'SAMPLE'],
      StopReason: stopReasons,
      ModelKind: ['DECODER_ONLY', 'ENCODER_DECODER'],
    },
  },
  'caikit.runtime.Nlp': {
    services: {
      NlpService: {
        TextGenerationTaskPredict: { asks: 'TextGenerationTaskRequest', answers: 'GeneratedTextResult' },
        ServerStreamingTextGenerationTaskPredict: {
          asks: 'ServerStreamingTextGenerationTaskRequest',
          answers: 'GeneratedTextStreamResult',
          stream: true,
        },
        TokenizationTaskPredict: { asks: 'TokenizationTaskRequest', answers: 'TokenizationResults' },
      },
    },
    messages: {
      TextGenerationTaskRequest: caikitAsk,
      ServerStreamingTextGenerationTaskRequest: caikitAsk,
      TokenizationTaskRequest: { text: ['string', 1] },
      GeneratedTextResult: {
        generated_text: ['string', 1],
        generated_tokens: ['int64', 2],
        finish_reason: ['FinishReason', 3],
        input_token_count: ['int64', 5],
        seed: ['uint64', 6],
      },
      GeneratedTextStreamResult: { generated_text: ['string', 1], details: ['TokenStreamDetails', 3] },
      TokenStreamDetails: {
        finish_reason: ['FinishReason', 1],
        generated_tokens: ['uint32', 2],
        seed: ['uint64', 3],
        input_token_count: ['int64', 4],
      },
      TokenizationResults: { token_count: ['int64', 4] },
    },
    enums: { FinishReason: stopReasons },
  },
}
