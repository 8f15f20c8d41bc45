import { expect, test } from 'vitest'
import type { EngineFacts } from '../../lib/domain/manifest.ts'
import { keptFacts } from '../../lib/worker/kept-facts.ts'

const at = (url: string): EngineFacts => ({
  name: 'x',
  version: '1',
  build: 'x',
  artifact: { digest: 'd' },
  server: { url, place: 'this-machine', model: 'm', says: {} },
})

const wire = { name: 'x', clientProcesses: 1, salt: true }
const artifact = { digest: 'd', path: '/models/org/demo' }
const launched = { artifact, backend: { ...wire, kind: 'vllm' as const, launch: { args: {}, env: {} } } }
const running = { artifact, backend: { ...wire, kind: 'openai' as const, url: 'http://127.0.0.1:41234' } }

test('the port of a server that a launch starts, another each time, is no part of the setup; that of one that runs already is', () => {
  const facts = at('http://127.0.0.1:41234')
  expect(keptFacts(facts, launched)).toEqual({ engine: at('http://127.0.0.1'), conditions: {} })
  expect(keptFacts(facts, running)).toEqual({ engine: facts, conditions: {} })
})

test('what an engine says of its memory is no part of the setup', () => {
  const facts = at('http://127.0.0.1:1')
  expect(keptFacts({ ...facts, memory: { claimedBytes: 5 } }, running).engine).toEqual(facts)
})

test("where the model of a started server lies is nobody's business, and what varies is a condition", () => {
  const facts = at('http://127.0.0.1:1')
  const server = {
    url: 'http://127.0.0.1:1',
    place: 'this-machine' as const,
    model: '/models/org/demo',
    says: { root: '/models/org/demo', max_model_len: 1024 },
    command: 'vllm serve /models/org/demo --port PORT',
    settings: { dtype: 'bfloat16' },
    varying: { kv_cache_tokens: 524_288 },
  }
  expect(keptFacts({ ...facts, server }, launched)).toEqual({
    engine: {
      ...facts,
      server: {
        url: 'http://127.0.0.1',
        place: 'this-machine',
        model: 'demo',
        says: { root: 'demo', max_model_len: 1024 },
        command: 'vllm serve demo --port PORT',
        settings: { dtype: 'bfloat16' },
      },
    },
    conditions: { engine: { kv_cache_tokens: 524_288 } },
  })
})
