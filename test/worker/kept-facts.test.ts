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

test("an emulated server's port, another each time, is no part of the setup; that of a server is", () => {
  const facts = at('http://127.0.0.1:41234')
  expect(keptFacts(facts, 'emulator')).toEqual(at('http://127.0.0.1'))
  expect(keptFacts(facts, 'openai')).toBe(facts)
})
