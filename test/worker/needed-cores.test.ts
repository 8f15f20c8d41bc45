import { expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { ServerFacts } from '../../lib/domain/manifest.ts'
import { neededCores } from '../../lib/worker/needed-cores.ts'

const at = (place: ServerFacts['place']) => ({ place }) as ServerFacts

test('an engine needs its threads', () => {
  const backend = { kind: 'llama.cpp', threads: 2 } as BackendConfig
  expect(neededCores(backend, 2)).toEqual({ cores: 2, doing: 'the engine computed with 2 threads' })
})

test('an emulator needs a core beside those of its client, where there are so many', () => {
  const backend = { kind: 'emulator', clientProcesses: 1 } as BackendConfig
  expect(neededCores(backend, 4)).toEqual({ cores: 2, doing: 'the client had 1 process beside the emulator' })
  expect(neededCores({ ...backend, clientProcesses: 2 } as BackendConfig, 2)?.cores).toBe(2)
})

test('a server elsewhere leaves the machine to its client', () => {
  const backend = { kind: 'openai', clientProcesses: 2 } as BackendConfig
  expect(neededCores(backend, 4, at('remote'))).toEqual({ cores: 2, doing: 'the client had 2 processes' })
})

test('the work of a server on this machine cannot be told apart from that of others', () => {
  const backend = { kind: 'openai', clientProcesses: 2 } as BackendConfig
  expect(neededCores(backend, 4, at('this-machine'))).toBeUndefined()
  expect(neededCores(backend, 4)).toBeUndefined()
})
