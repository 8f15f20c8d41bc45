import { expect, test } from 'vitest'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { Sender, sendsItself } from '../../lib/worker/sender.ts'
import { engineThat, now, ok, trial } from './scripted-engine.ts'

const server = (clientProcesses: number) =>
  ({ kind: 'openai', name: 'server', url: 'http://127.0.0.1:1', clientProcesses, salt: true }) as const
const embedded = { kind: 'llama.cpp' } as LaunchSpec['backend']

test.each([
  [1, 1, true],
  [1, 8, true],
  [4, 1, true],
  [4, 8, false],
])('of %i client processes and %i clients, the driver itself sends: %s', (processes, clients, itself) => {
  expect(sendsItself(server(processes), { clients })).toBe(itself)
})

test('an engine in the process is no server that is asked', () => {
  expect(sendsItself(embedded, { clients: 1 })).toBe(false)
})

test('one client, or a text that is scored, is driven by the driver, with what it has of precedence, however many processes there could be', async () => {
  const precedence = { realTime: true, awake: false }
  const context = {
    now,
    origin: 0,
    sleepUntil: async () => {},
    precedence,
    log: () => {},
    startClient: () => {
      throw new Error('a process was started')
    },
  }
  using sender = new Sender(
    { backend: server(4) } as LaunchSpec,
    engineThat(async () => ok),
    context,
  )
  const options = { onRequest: () => {}, signal: new AbortController().signal }
  expect(await sender.run(trial, options)).toMatchObject({ end: { status: 'ok' }, client: { precedence } })
  const load = { kind: 'closed', clients: 2, requests: 2 } as const
  await expect(sender.run({ ...trial, load }, options)).rejects.toThrow('a process was started')
  const workload = { name: 'q', kind: 'perplexity', text: { id: 't', text: 'x' }, context: 64 } as const
  expect(await sender.run({ ...trial, load, workload }, options)).toMatchObject({ end: { status: 'ok' } })
})
