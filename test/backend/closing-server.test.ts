import { expect, test } from 'vitest'
import { backendOf } from '../../lib/backend/backend-of.ts'
import type { EngineServerConfig } from '../../lib/domain/backend-config.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { recordedServer } from './recorded-server.ts'
import type { Answer } from './scripted-api.ts'
import { models, ScriptedApi } from './scripted-api.ts'
import { send, start } from './wire-engine.ts'
import { chatOf, completionOf, openAiLaunch, trialOf } from './wire-launch.ts'

/** As llama-server does after each stream. */
const thenClosing: Answer = (response) => {
  const { socket } = response
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] })}\n\n`,
  )
  response.end('data: [DONE]\n\n', () => socket?.end())
}

test('that a server closes connections after each response is known from one trial to the next, whatever its clients', async () => {
  await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': thenClosing })
  const lines: string[] = []
  await using engine = await start(server, {}, (line) => lines.push(line))
  for (const clients of [1, 3]) {
    const trial = trialOf(chatOf(), { load: { kind: 'closed', clients, requests: clients } })
    await engine.prepare(trial)
    expect((await send(engine, trial)).outcome.status).toBe('ok')
    // The client's end of it follows when it has seen the server's; the other connections have not been used.
    while ((await server.connections) >= clients) await new Promise(setImmediate)
  }
  expect(lines).toEqual([
    'the server closes connections after each response and does not say so: each request opens its own from now on',
  ])
})

// The scripted server keeps its connections: nothing is learned from it.
test('no request is sent over a used connection to a server whose kind closes them', async () => {
  await using server = await recordedServer({ completion: 'llama-server-completion.http' })
  const backend = {
    name: 'mine',
    kind: 'llama-server',
    url: server.url,
    clientProcesses: 1,
    salt: true,
  } as EngineServerConfig
  const lines: string[] = []
  const launch = { ...openAiLaunch(server.url), backend }
  const context = { now, origin: now(), log: (line: string) => lines.push(line) }
  await using engine = await (await backendOf('llama-server')).start(launch, context)
  const trial = trialOf(completionOf())
  await engine.prepare(trial)
  expect((await send(engine, trial)).connectUs).toBeUndefined()
  for (const _ of [1, 2]) expect((await send(engine, trial)).connectUs).toBeGreaterThan(0)
  expect(lines).toEqual([])
})
