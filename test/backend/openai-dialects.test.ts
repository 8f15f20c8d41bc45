import { describe, expect, test } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { EngineServerKind } from '../../lib/domain/backend-config.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { type Answer, json, models, ScriptedApi, stream } from './scripted-api.ts'
import { send } from './wire-engine.ts'
import { chatOf, completionOf, openAiLaunch, sampling, trialOf } from './wire-launch.ts'

/** Asks a server of a kind, which answers so, for the first request of a trial. */
async function answered(kind: EngineServerKind, answer: Answer, trial: TrialSpec, extraBody = {}) {
  const path = trial.workload.kind === 'chat' ? '/v1/chat/completions' : '/v1/completions'
  await using server = await ScriptedApi.start({
    '/health': json({ status: 'ok' }),
    '/v1/models': models('m'),
    [path]: answer,
  })
  const backend = { name: kind, kind, url: server.url, clientProcesses: 1, salt: false, extraBody }
  const launch = { ...openAiLaunch(server.url), backend }
  await using engine = await engineServer.start(launch, { now, origin: now(), log: () => {} })
  await engine.prepare(trial)
  return { timeline: await send(engine, trial), asked: server.posted.at(-1) as Record<string, unknown> }
}

const written = (...texts: string[]) => texts.map((text) => ({ choices: [{ index: 0, text, finish_reason: null }] }))
const ended = (finish: string, more: object = {}) => ({
  choices: [{ index: 0, text: '', finish_reason: finish }],
  ...more,
})
const counted = (completion: number) => ({ usage: { prompt_tokens: 3, completion_tokens: completion } })
const chunk = (text: string, tokens: number) => ({ choices: [{ index: 0, text }], ...counted(tokens) })
const fixed = trialOf(completionOf({ output: 'fixed', sampling: { ...sampling, temperature: 0.8, maxTokens: 5 } }))
const natural = trialOf(completionOf())

describe('transformers serve', () => {
  test('is asked with the fields it takes, and with the rest as one JSON text', async () => {
    const { asked } = await answered('transformers-serve', stream(...written('a'), ended('length', counted(5))), fixed)
    const { generation_config: config, ...rest } = asked
    expect(rest).toEqual({
      model: 'm',
      prompt: 'Hello',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      temperature: 0.8,
      top_p: 0.95,
      seed: 42,
    })
    expect(JSON.parse(config as string)).toEqual({
      do_sample: true,
      repetition_penalty: 1,
      max_new_tokens: 5,
      min_new_tokens: 5,
      temperature: 0.8,
      top_p: 0.95,
      top_k: 40,
      min_p: 0.05,
    })
  })

  test('greedily nothing is drawn, and extraBody has the last word', async () => {
    const answer = stream(...written('a'), ended('stop', counted(2)))
    const { asked } = await answered('transformers-serve', answer, natural)
    expect(asked['generation_config']).toBe('{"do_sample":false,"repetition_penalty":1,"max_new_tokens":16}')
    const other = await answered('transformers-serve', answer, natural, { generation_config: '{}', seed: null })
    expect(other.asked).toMatchObject({ generation_config: '{}' })
    expect(other.asked).not.toHaveProperty('seed')
  })

  test.each([
    ['ended by a token that is counted and is no text', 'stop', ['a', 'b'], 3, 2],
    ['ended by its limit', 'length', ['a', 'b'], 2, 2],
    ['ended by a text that it leaves in its answer', 'stop', ['a', 'b'], 2, 2],
    ['two tokens in a chunk, ended by a token', 'stop', ['a', 'bc'], 4, 3],
  ] as const)('N is without the token that ended the answer: %s', async (_, finish, texts, usage, outputTokens) => {
    const { timeline } = await answered(
      'transformers-serve',
      stream(...written(...texts), ended(finish, counted(usage))),
      natural,
    )
    expect(timeline).toMatchObject({ outcome: { status: 'ok', finish }, outputTokens, tokensFrom: 'usage' })
  })
})

describe('vLLM', () => {
  test('says how many tokens are in each chunk, and counts the one that ends an answer', async () => {
    const last = { choices: [], ...counted(5) }
    const answer = stream(chunk('a', 1), chunk('bcd', 4), { ...ended('stop'), ...counted(5) }, last, '[DONE]')
    const { timeline, asked } = await answered('vllm', answer, natural)
    expect(asked).toMatchObject({
      stream_options: { include_usage: true, continuous_usage_stats: true },
      repetition_penalty: 1,
    })
    expect(timeline).toMatchObject({ outputTokens: 4, events: { tokens: [1, 3] }, output: 'abcd' })
  })
})

describe('llama_cpp.server', () => {
  test('is asked without a penalty; it counts nothing', async () => {
    const { timeline, asked } = await answered(
      'llama-cpp-python',
      stream(...written('a', 'b'), ended('length'), '[DONE]'),
      natural,
    )
    expect(asked).toMatchObject({ repeat_penalty: 1, max_tokens: 16 })
    expect(timeline.outcome).toEqual({ status: 'ok', finish: 'length' })
    expect(timeline).not.toHaveProperty('outputTokens')
  })

  test.each([
    ['where another request interrupted it', [...written('a', 'b'), '[DONE]']],
    ['where its prompt is longer than the context', []],
  ])('an answer without a reason broke off: %s', async (_, events) => {
    const { timeline } = await answered('llama-cpp-python', stream(...events), natural)
    expect(timeline.outcome).toMatchObject({ status: 'failed', reason: 'closed-early' })
    expect((timeline.outcome as { detail: string }).detail).toMatch(
      /^the stream ended after \d content events, without a finish_reason: llama_cpp\.server leaves it out where another request interrupted this one \(.*\), and where it failed, as it does at a prompt longer than its context$/,
    )
  })

  test('refuses an output of a fixed length, with what to do', async () => {
    await expect(answered('llama-cpp-python', stream('[DONE]'), fixed)).rejects.toThrow(
      `workload chat has output: fixed, and llama_cpp.server ends an answer where the model does: it has no minimum and cannot ignore the end of a text. Set output: natural; to rule the end out, give the tokens that end a text of this model a bias besides: backend.extraBody: { logit_bias: { '2': -100 } }`,
    )
  })
})

test('a chat asks in the same way', async () => {
  const delta = { choices: [{ index: 0, delta: { content: 'a' } }] }
  const done = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...counted(2) }
  const { timeline, asked } = await answered('transformers-serve', stream(delta, done), trialOf(chatOf()))
  expect(asked).toHaveProperty('generation_config')
  expect(timeline.outputTokens).toBe(1)
})
