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

const started = (kind: string, launch: object) =>
  ({ kind, clientProcesses: 1, launch: { args: {}, env: {}, ...launch } }) as unknown as BackendConfig

test('a server that is started here needs the threads that its file says, beside its client', () => {
  const here = at('this-machine')
  const words = 'the client had 1 process beside a server of 2 threads'
  expect(neededCores(started('llama-server', { args: { threads: 2 } }), 8, here)).toEqual({ cores: 3, doing: words })
  expect(neededCores(started('llama-cpp-python', { args: { n_threads: 2 } }), 2, here)?.cores).toBe(2)
  expect(neededCores(started('vllm', { env: { OMP_NUM_THREADS: '2' } }), 8, here)?.cores).toBe(3)
  for (const launch of [{}, { args: { threads: -1 } }, { env: { OMP_NUM_THREADS: 'auto' } }])
    expect(neededCores(started('llama-server', launch), 8, here)).toBeUndefined()
})
