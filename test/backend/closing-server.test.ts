import { expect, test } from 'vitest'
import type { Answer } from './scripted-api.ts'
import { models, ScriptedApi } from './scripted-api.ts'
import { send, start } from './wire-engine.ts'
import { chatOf, trialOf } from './wire-launch.ts'

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
