import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openAiProtocol } from '../../lib/backend/openai-protocol.ts'
import { readAgain } from '../../lib/backend/read-again.ts'
import { type Answer, chat, json } from './scripted-api.ts'
import { answered } from './wire-engine.ts'
import { chatOf, trialOf } from './wire-launch.ts'

const key = 'sk-/secret-1'
beforeEach(() => void vi.stubEnv('TEST_KEY', key))
afterEach(() => vi.unstubAllEnvs())

const answeredWith = async (answer: Answer) => {
  const trial = trialOf(chatOf(), { keepStreams: true })
  return (await answered(answer, trial, { apiKey: '${env:TEST_KEY}' })).timeline
}

test('an answer that says the key a character at a time has no bytes to read it from again', async () => {
  const timeline = await answeredWith(chat(['you sent ', ...key.split('')]))
  expect(timeline).toMatchObject({ outcome: { status: 'ok' }, output: 'you sent ***' })
  expect(timeline).not.toHaveProperty('stream')
})

test('nor has a refusal that spells it as its JSON does', async () => {
  const slashed = JSON.stringify({ error: { message: `no ${key}` } }).replaceAll('/', '\\u002f')
  const timeline = await answeredWith((response) =>
    response.writeHead(403, { 'content-type': 'application/json' }).end(slashed),
  )
  expect(timeline.outcome).toMatchObject({ detail: '403 Forbidden: no ***' })
  expect(timeline).not.toHaveProperty('stream')
})

test('of what nobody reads the bytes stay, without it', async () => {
  const hidden = JSON.stringify({ id: key, choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] })
  const { stream } = await answeredWith((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-you-sent': key })
    response.end(`data: ${hidden}\n\ndata: ${hidden.replaceAll('/', '\\/')}\n\ndata: [DONE]\n\n`)
  })
  if (!stream) throw new Error('no bytes')
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64')).toString()
  expect(bytes.match(/secret/)).toBeNull()
  expect(bytes.match(/\*{12,13}/g)).toHaveLength(3)
  expect(readAgain(stream, 16, openAiProtocol)).toMatchObject({ outcome: { status: 'ok' }, told: { output: 'aa' } })
})

test('an answer without it keeps its bytes', async () => {
  expect(await answeredWith(json({ error: { message: 'no' } }, 403))).toHaveProperty('stream')
})
