import { describe, expect, test } from 'vitest'
import { JsonReader, type Said } from '../../lib/backend/json-reader.ts'
import { llamaServerSaid } from '../../lib/backend/llama-server-protocol.ts'
import { ollamaSaid } from '../../lib/backend/ollama-chunk.ts'
import { toldBy } from '../../lib/backend/answer-told.ts'
import { ChunkReader } from '../../lib/backend/openai-chunks.ts'
import { backendOf } from '../../lib/backend/backend-of.ts'
import type { ServerConfig } from '../../lib/domain/backend-config.ts'
import type { Fields } from '../../lib/wire/json-fields.ts'
import { json, ScriptedApi } from './scripted-api.ts'
import { openAiLaunch } from './wire-launch.ts'

const ollamaTimes = {
  total_duration: 4_000_000_000,
  load_duration: 1_000_000_000,
  prompt_eval_duration: 500_000_000,
  eval_duration: 2_000_000_000,
}
const llamaTimes = { prompt_n: 4, prompt_ms: 500, predicted_n: 12, predicted_ms: 2000 }

function read(said: (chunk: Fields) => Said, chunks: readonly object[]) {
  const reader = new JsonReader(said, 16)
  for (const [i, chunk] of chunks.entries()) reader.take(JSON.stringify(chunk), (i + 1) * 1e6, i)
  return toldBy(reader.result(0))
}

const ofOllama = (times: object) =>
  read(ollamaSaid, [
    { response: 'a', done: false },
    { response: 'b', done: false },
    { done: true, done_reason: 'length', prompt_eval_count: 4, eval_count: 2, ...times },
  ])
const ofLlamaServer = (times: object) =>
  read(llamaServerSaid, [
    { content: 'a', tokens_predicted: 1 },
    { content: 'b', tokens_predicted: 2 },
    { content: '', stop: true, stop_type: 'limit', tokens_predicted: 2, tokens_evaluated: 4, timings: times },
  ])

function ofChats(times: object | undefined) {
  const reader = new ChunkReader(16)
  const chunks = [
    { choices: [{ delta: { content: 'a' } }] },
    { choices: [{ delta: { content: 'b' }, finish_reason: 'length' }] },
    { choices: [], usage: { prompt_tokens: 4, completion_tokens: 2 }, timings: times },
  ]
  for (const [i, chunk] of chunks.entries()) reader.take(JSON.stringify(chunk), (i + 1) * 1e6, i)
  return toldBy(reader.result(0))
}

const decoded = (times: object) => ofLlamaServer({ predicted_ms: 110, ...times }).engine?.decodeTokens

describe('what a server says of its time', () => {
  test('is in milliseconds, whatever its unit is', () => {
    expect(ofOllama(ollamaTimes).engine).toEqual({
      totalMs: 4000,
      loadMs: 1000,
      promptMs: 500,
      decodeMs: 2000,
      decodeTokens: 2,
    })
    const engine = { promptTokens: 4, promptMs: 500, decodeTokens: 12, decodeMs: 2000 }
    expect(ofLlamaServer(llamaTimes).engine).toEqual(engine)
    expect(ofChats(llamaTimes).engine).toEqual(engine)
  })

  test('is of the tokens that it is of, whether it counts from the first or from before it', () => {
    expect(decoded({ predicted_n: 12, predicted_per_token_ms: 110 / 12 })).toBe(12)
    expect(decoded({ predicted_n: 12, predicted_per_token_ms: 10 })).toBe(11)
    // As a real one says of one token: else it would have decoded a million a second.
    expect(decoded({ predicted_n: 1, predicted_ms: 0.001, predicted_per_token_ms: 0 })).toBeUndefined()
  })

  test('has no part in the timeline, which is the same without it', () => {
    for (const [kept, bare] of [
      [ofOllama(ollamaTimes), ofOllama({})],
      [ofLlamaServer(llamaTimes), ofLlamaServer({})],
      [ofChats(llamaTimes), ofChats(undefined)],
    ] as const) {
      const { engine, ...own } = kept
      expect(engine).toBeDefined()
      expect(own).toEqual(bare)
      expect(own.events?.deltasUs).toEqual([1000, 1000])
    }
  })

  test.each([-1, 0, 1e300, '500', null, {}, [5], true])('is left out where it is none: %j', (odd) => {
    const each = (times: object) => Object.fromEntries(Object.keys(times).map((name) => [name, odd]))
    expect(ofOllama(each(ollamaTimes)).engine).toBeUndefined()
    expect(ofLlamaServer(each(llamaTimes)).engine).toBeUndefined()
    expect(ofChats(each(llamaTimes)).engine).toBeUndefined()
    expect(ofOllama({ ...ollamaTimes, eval_count: odd }).engine).not.toHaveProperty('decodeMs')
  })

  test('which is none is not zero: numbers beyond all that JSON can say', () => {
    const reader = new JsonReader(ollamaSaid, 16)
    reader.take('{"done":true,"done_reason":"stop","eval_count":1e999,"eval_duration":1e999}', 1, 0)
    const { usage, engine } = reader.result(0)
    expect([usage, engine]).toEqual([{}, undefined])
  })
})

const attach = async (kind: ServerConfig['kind'], answers: Record<string, object>) => {
  await using server = await ScriptedApi.start(
    Object.fromEntries(Object.entries(answers).map(([path, value]) => [path, json(value)])),
  )
  const backend = { name: 'mine', kind, url: server.url, clientProcesses: 1, salt: false } as never
  const engine = await (
    await backendOf(kind)
  ).start({ ...openAiLaunch(server.url), backend }, { now: () => 0, origin: 0, log: () => {} })
  await engine[Symbol.asyncDispose]()
  return engine.facts
}

describe('what a server says of itself', () => {
  const hostile = { toString: 1, valueOf: 1 }

  test.each<[ServerConfig['kind'], Record<string, object>]>([
    ['openai', { '/v1/models': { data: [{ id: hostile }] } }],
    ['ollama', { '/api/tags': { models: [{ name: hostile }] } }],
    ['tgi', { '/info': { model_id: hostile } }],
    ['caikit-http', { '/info/models': { models: [{ name: hostile }] } }],
  ])('a name of %s that is no text is no name of a model', async (kind, answers) => {
    await expect(attach(kind, answers)).rejects.toMatchObject({ reason: 'request-refused' })
  })

  test.each([-1, 1.5, 1e300, '4096'])('a size that is none is left out: %j', async (odd) => {
    const { memory } = await attach('ollama', {
      '/api/tags': { models: [{ name: 'm' }] },
      '/api/ps': { models: [{ name: 'm:latest', size_vram: odd }] },
    })
    expect(memory).toBeUndefined()
    expect(await attach('openai', { '/v1/models': { data: [{ id: 'm', max_model_len: odd }] } })).not.toHaveProperty(
      'contextSize',
    )
    expect(await attach('tgi', { '/info': { model_id: 'm', max_total_tokens: odd } })).not.toHaveProperty('contextSize')
    const props = { default_generation_settings: { n_ctx: odd } }
    expect(await attach('llama-server', { '/v1/models': { data: [{ id: 'm' }] }, '/props': props })).not.toHaveProperty(
      'contextSize',
    )
  })
})
