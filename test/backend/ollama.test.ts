import { describe, expect, test } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import { JsonReader } from '../../lib/backend/json-reader.ts'
import { ollamaSaid } from '../../lib/backend/ollama-chunk.ts'
import { ollamaProtocol } from '../../lib/backend/ollama-protocol.ts'
import { wireJobs } from '../../lib/backend/wire-jobs.ts'
import type { EngineServerConfig } from '../../lib/domain/backend-config.ts'
import type { WorkloadConfig } from '../../lib/domain/cell.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { json, ScriptedApi } from './scripted-api.ts'
import { chatOf, completionOf, openAiLaunch, sampling, trialOf } from './wire-launch.ts'

const launchAt = (url: string): LaunchSpec<EngineServerConfig> => ({
  ...openAiLaunch(url),
  model: 'llama3.2',
  backend: { name: 'mine', kind: 'ollama', url, clientProcesses: 1, salt: false },
})
const context = { now: () => 0, origin: 0, log: () => {} }

function asked(workload: WorkloadConfig, extraBody?: EngineServerConfig['extraBody']) {
  const [job] = wireJobs(trialOf(workload)).jobs
  if (job === undefined) throw new Error('no job')
  const { path, body } = ollamaProtocol.ask(job, { model: 'm', ...(extraBody && { extraBody }) }, { salt: 'salt. ' })
  return { path, body: JSON.parse(body) as unknown }
}

function read(...lines: object[]) {
  const reader = new JsonReader(ollamaSaid, 16)
  for (const [i, line] of lines.entries()) reader.take(JSON.stringify(line), (i + 1) * 1e6, i)
  return { ...reader.result(0), isOver: reader.isOver }
}

describe('what Ollama is asked', () => {
  test('a completion goes past its template, with our sampling and no more', () => {
    expect(asked(completionOf())).toEqual({
      path: '/api/generate',
      body: {
        model: 'm',
        prompt: 'salt. Hello',
        raw: true,
        stream: true,
        keep_alive: '30m',
        options: { num_predict: 16, temperature: 0, repeat_penalty: 1, seed: 42 },
      },
    })
  })

  test('a chat is messages; a drawn answer says how, and extraBody is merged into the options', () => {
    const drawn = chatOf({ sampling: { ...sampling, temperature: 0.7, stop: ['\n'] }, system: 'Be brief.' })
    expect(asked(drawn, { options: { num_ctx: 8192, repeat_penalty: null }, keep_alive: null })).toEqual({
      path: '/api/chat',
      body: {
        model: 'm',
        messages: [
          { role: 'system', content: 'salt. Be brief.' },
          { role: 'user', content: 'Hello' },
        ],
        stream: true,
        options: {
          num_predict: 16,
          temperature: 0.7,
          top_p: 0.95,
          top_k: 40,
          min_p: 0.05,
          seed: 42,
          stop: ['\n'],
          num_ctx: 8192,
        },
      },
    })
  })

  test('an output of a fixed length is refused, with what to do', () => {
    expect(ollamaProtocol.whyNot?.(completionOf({ output: 'fixed' }))).toMatchInlineSnapshot(
      `"workload chat has output: fixed, and Ollama ends an answer where the model does: it has no minimum and cannot ignore the end of a text. Set output: natural"`,
    )
    expect(ollamaProtocol.whyNot?.(completionOf())).toBeUndefined()
  })
})

describe("Ollama's answers", () => {
  test('the token that ended an answer is none of it; a prompt of which the cached part is unknown has no rate', () => {
    const last = { response: '', done: true, done_reason: 'stop', prompt_eval_count: 12, prompt_eval_duration: 5e6 }
    expect(read({ response: 'a', done: false }, { ...last, eval_count: 2, eval_duration: 4e6 })).toMatchObject({
      usage: { promptTokens: 12, outputTokens: 1 },
      engine: { promptMs: 5, decodeTokens: 2, decodeMs: 4 },
      finish: 'stop',
      isWhole: true,
      isOver: true,
    })
    expect(read({ done: true, done_reason: 'length', eval_count: 2 })).toMatchObject({ usage: { outputTokens: 2 } })
  })

  test('what a version leaves out is left out', () => {
    const { usage, engine, finish } = read({ response: 'a', done: true })
    expect([usage, engine, finish]).toEqual([{}, undefined, undefined])
  })

  test('without its last line an answer broke off', () => {
    expect(read({ response: 'a', done: false })).toMatchObject({ isWhole: false, isOver: false })
  })

  test('calls of tools are content', () => {
    const call = { function: { name: 'weather', arguments: { city: 'Bonn' } } }
    expect(read({ message: { content: '', tool_calls: [call] }, done: false })).toMatchObject({
      output: 'weather{"city":"Bonn"}',
      answer: '',
      events: { channels: ['tool'] },
    })
  })
})

describe('attaching to Ollama', () => {
  const details = { family: 'llama', quantization_level: 'Q8_0', parameter_size: '1.2B', format: 'gguf' }
  const tags = json({ models: [{ name: 'llama3.2:latest', digest: 'baf6', size: 1321098329 }] })

  test('facts are of the server and of the model, and what a loaded one claims', async () => {
    await using server = await ScriptedApi.start({
      '/api/tags': tags,
      '/api/version': json({ version: '0.12.0' }),
      '/api/show': json({
        details,
        model_info: { 'general.parameter_count': 1235814432, 'general.license': 'x', 'llama.context_length': 131072 },
      }),
      '/api/ps': json({ models: [{ name: 'llama3.2:latest', size: 2e9, size_vram: 1e9 }] }),
    })
    await using engine = await engineServer.start(launchAt(server.url), context)
    expect(server.posted).toEqual([{ model: 'llama3.2' }])
    expect(engine.facts).toEqual({
      name: 'Ollama',
      version: '0.12.0',
      artifact: { digest: 'd' },
      memory: { claimedBytes: 1e9 },
      server: {
        url: server.url,
        place: 'this-machine',
        model: 'llama3.2',
        says: {
          version: '0.12.0',
          digest: 'baf6',
          size: 1321098329,
          format: 'gguf',
          family: 'llama',
          parameter_size: '1.2B',
          quantization_level: 'Q8_0',
          'general.parameter_count': 1235814432,
          'llama.context_length': 131072,
        },
      },
    })
  })

  test('a model that it lacks is refused with those that it has', async () => {
    await using server = await ScriptedApi.start({ '/api/tags': json({ models: [{ name: 'qwen3:0.6b' }] }) })
    await expect(engineServer.start(launchAt(server.url), context)).rejects.toThrow(
      'the server has no model llama3.2: it has qwen3:0.6b: name one of them as served',
    )
  })

  test('a server of another kind is told by what it says', async () => {
    await using server = await ScriptedApi.start({})
    await expect(engineServer.start(launchAt(server.url), context)).rejects.toThrow(
      'GET /api/tags: 404 Not Found: nothing at /api/tags',
    )
  })
})
