import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { caikitGrpcProtocol } from '../../lib/backend/caikit-grpc-protocol.ts'
import { readAgain } from '../../lib/backend/read-again.ts'
import { tgisProtocol } from '../../lib/backend/tgis-protocol.ts'
import { completionOf, sampling } from './wire-launch.ts'

const answers = [
  {
    file: 'tgis-generate.grpc',
    protocol: tgisProtocol,
    output: 'Salt 海 air',
    tokens: [1, 2, 1],
    outputTokens: 4,
    finish: 'length',
  },
  {
    file: 'caikit-generate.grpc',
    protocol: caikitGrpcProtocol,
    output: 'Salt air',
    tokens: [1, 2],
    outputTokens: 3,
    finish: 'stop',
  },
]

test.each(answers)('$file says the same wherever its bytes are cut', ({ file, protocol, ...said }) => {
  const bytes = readFileSync(new URL(`../../data/streams/${file}`, import.meta.url))
  const packed = deflateRawSync(bytes).toString('base64')
  for (let at = 1; at < bytes.length; at += 1) {
    const stream = { deltasUs: [1000, 500], lengths: [at, bytes.length - at], bytes: packed }
    const { told, outcome } = readAgain(stream, 16, protocol)
    expect(outcome).toEqual({ status: 'ok', finish: said.finish })
    expect(told).toMatchObject({ output: said.output, promptTokens: 7, outputTokens: said.outputTokens })
    expect(told.events).toMatchObject({ tokens: said.tokens })
  }
})

const job = { promptId: 'p', part: 'completion' as const, workload: completionOf(), text: 'Hello', maxTokens: 16 }
const asked = (protocol: typeof tgisProtocol, temperature: number) => {
  const workload = completionOf({ output: 'fixed', sampling: { ...sampling, temperature, stop: ['END'] } })
  const { path, body, headers } = protocol.ask({ ...job, workload }, { model: 'm' }, { salt: 'a ' })
  return { path, headers, body: JSON.parse(body) as unknown }
}

test('TGIS is asked for a text, greedily or with what is sampled, of a length', () => {
  const stopping = { max_new_tokens: 16, min_new_tokens: 16, stop_sequences: ['END'] }
  expect(asked(tgisProtocol, 0)).toEqual({
    path: '/fmaas.GenerationService/GenerateStream',
    headers: { 'mm-model-id': 'm' },
    body: {
      model_id: 'm',
      request: { text: 'a Hello' },
      params: { method: 'GREEDY', stopping, response: { input_text: false } },
    },
  })
  const drawn = { method: 'SAMPLE', sampling: { temperature: 0.5, top_k: 40, top_p: 0.95, seed: 42 } }
  expect(asked(tgisProtocol, 0.5).body).toMatchObject({ params: { ...drawn, stopping } })
})

test('Caikit is asked so too, and never for a seed where nothing is drawn', () => {
  expect(asked(caikitGrpcProtocol, 0)).toEqual({
    path: '/caikit.runtime.Nlp.NlpService/ServerStreamingTextGenerationTaskPredict',
    headers: { 'mm-model-id': 'm' },
    body: {
      text: 'a Hello',
      max_new_tokens: 16,
      min_new_tokens: 16,
      decoding_method: 'GREEDY',
      stop_sequences: ['END'],
      preserve_input_text: false,
    },
  })
  expect(asked(caikitGrpcProtocol, 0.5).body).toMatchObject({ decoding_method: 'SAMPLING', seed: 42, top_p: 0.95 })
})
