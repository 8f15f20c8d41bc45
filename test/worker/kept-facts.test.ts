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

test('the port of a server that a launch starts, another each time, is no part of the setup; that of one that runs already is', () => {
  const facts = at('http://127.0.0.1:41234')
  expect(keptFacts(facts, { ...wire, kind: 'vllm', launch: { args: {}, env: {} } })).toEqual(at('http://127.0.0.1'))
  expect(keptFacts(facts, { ...wire, kind: 'openai', url: 'http://127.0.0.1:41234' })).toEqual(facts)
})

test('what an engine says of its memory is no part of the setup', () => {
  const facts = at('http://127.0.0.1:1')
  const backend = { ...wire, kind: 'openai', url: 'http://127.0.0.1:1' } as const
  expect(keptFacts({ ...facts, memory: { claimedBytes: 5 } }, backend)).toEqual(facts)
})
