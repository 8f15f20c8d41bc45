import { expect, test } from 'vitest'
import { protocolOf } from '../../lib/backend/protocols.ts'
import { wireJobs } from '../../lib/backend/wire-jobs.ts'
import type { ServerConfig } from '../../lib/domain/backend-config.ts'
import type { WorkloadConfig } from '../../lib/domain/cell.ts'
import { chatOf, completionOf, sampling, trialOf } from './wire-launch.ts'

const drawn = completionOf({ sampling: { ...sampling, temperature: 0.7, stop: ['\n'] } })

function asked(kind: ServerConfig['kind'], workload: WorkloadConfig, extraBody = {}) {
  const [job] = wireJobs(trialOf(workload)).jobs
  if (job === undefined) throw new Error('no job')
  const protocol = protocolOf(kind, workload.kind)
  const { path, body } = protocol.ask(job, { model: 'm', salt: true, extraBody }, { salt: 'salt. ' })
  return [path, JSON.parse(body) as unknown]
}

test('a llama-server is asked past its caches, for a fixed length where that is asked', () => {
  const common = { model: 'm', prompt: 'salt. Hello', stream: true, n_predict: 16, cache_prompt: false, seed: 42 }
  const fixed = completionOf({ output: 'fixed' })
  expect(asked('llama-server', fixed)).toEqual(['/completion', { ...common, temperature: 0, ignore_eos: true }])
  const sampled = { temperature: 0.7, top_p: 0.95, top_k: 40, min_p: 0.05, stop: ['\n'] }
  expect(asked('llama-server', drawn, { cache_prompt: null, id_slot: 1 })).toEqual([
    '/completion',
    { ...common, ...sampled, cache_prompt: undefined, id_slot: 1 },
  ])
})

test("a llama-server's chats are OpenAI's, with times in each chunk", () => {
  expect(asked('llama-server', chatOf())).toEqual([
    '/v1/chat/completions',
    expect.objectContaining({ timings_per_token: true, cache_prompt: false, max_tokens: 16 }),
  ])
})

test('TGI is asked for details, and for nothing that it refuses', () => {
  const greedy = { max_new_tokens: 16, details: true, do_sample: false }
  expect(asked('tgi', completionOf())).toEqual(['/generate_stream', { inputs: 'salt. Hello', parameters: greedy }])
  const sampled = { do_sample: true, temperature: 0.7, top_p: 0.95, top_k: 40, seed: 42, stop: ['\n'] }
  expect(asked('tgi', drawn, { parameters: { truncate: 100 } })).toEqual([
    '/generate_stream',
    { inputs: 'salt. Hello', parameters: { ...greedy, ...sampled, truncate: 100 } },
  ])
  expect(protocolOf('tgi', 'chat').whyNot?.(chatOf({ output: 'fixed' }))).toMatchInlineSnapshot(
    `"workload chat has output: fixed, and TGI ends an answer where the model does: over HTTP it has no minimum and cannot ignore the end of a text. Set output: natural"`,
  )
})

test('Caikit is asked with a minimum where the length is fixed, and for no chats', () => {
  const parameters = { max_new_tokens: 16, min_new_tokens: 16, decoding_method: 'GREEDY' }
  expect(asked('caikit-http', completionOf({ output: 'fixed' }))).toEqual([
    '/api/v1/task/server-streaming-text-generation',
    { model_id: 'm', inputs: 'salt. Hello', parameters },
  ])
  expect(protocolOf('caikit-http', 'chat').whyNot?.(chatOf())).toBe(
    'workload chat is a chat, and a server of kind caikit-http completes a text alone: make it a completion',
  )
})
