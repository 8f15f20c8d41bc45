import { describe, expect, test } from 'vitest'
import { mostEvents } from '../../lib/backend/answer-events.ts'
import { openAiProtocol } from '../../lib/backend/openai-protocol.ts'
import { readAgain } from '../../lib/backend/read-again.ts'
import type { ContentEvents, RecordedStream } from '../../lib/domain/timeline.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { type Answer, chat, json, models, ScriptedApi, stream } from './scripted-api.ts'
import { answered, send, start } from './wire-engine.ts'
import { chatOf, trialOf } from './wire-launch.ts'

const hanging: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
}

const doneAndHanging: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const last = { choices: [{ delta: { content: 'b' }, finish_reason: 'stop' }] }
  response.write(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`)
}

const closingSilently: Answer = (response, asked) => {
  const { socket } = response
  response.on('finish', () => socket?.end())
  chat(['a'])(response, asked)
}

/** As fast as its client reads, until that has enough. */
const endless: Answer = (response) => {
  const many = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'.repeat(1000)
  const more = () => {
    while (response.write(many));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).on('drain', more)
  more()
}

describe('what came', () => {
  test('is a timeline: stamps in order, events, counts, text', async () => {
    const { timeline } = await answered(chat(['Hel', 'lo'], { prompt_tokens_details: { cached_tokens: 4 } }))
    expect(timeline).toMatchObject({
      promptId: 'p1',
      part: 'completion',
      phase: 'measured',
      client: 0,
      outcome: { status: 'ok', finish: 'stop' },
      promptTokens: 9,
      cachedTokens: 4,
      outputTokens: 2,
      tokensFrom: 'usage',
      output: 'Hello',
    })
    const { scheduledUs, sentUs, firstChunkUs, doneUs, events } = timeline
    const [first, second] = (events as ContentEvents).deltasUs as [number, number]
    expect(sentUs).toBeGreaterThanOrEqual(scheduledUs)
    expect(first).toBeGreaterThanOrEqual(firstChunkUs ?? 0)
    expect(doneUs).toBeGreaterThanOrEqual(first + second)
  })

  test.each<[string, Answer, object]>([
    [
      '429',
      json({ error: { message: 'slow down' } }, 429, { 'retry-after': '3' }),
      { reason: 'rate-limited', detail: '429 Too Many Requests, Retry-After: 3: slow down' },
    ],
    [
      '500',
      (response) => response.writeHead(500).end('<b>oops</b>'),
      { reason: 'server-error', detail: '500 Internal Server Error: <b>oops</b>' },
    ],
    [
      '400',
      json({ object: 'error', message: 'too long' }, 400),
      { reason: 'request-refused', detail: '400 Bad Request: too long' },
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'http://x/' }).end(),
      { reason: 'request-refused', detail: '302 Found, Location: http://x/' },
    ],
    [
      'an error after 200',
      stream({ choices: [{ delta: { content: 'a' } }] }, { error: { message: 'died' } }),
      { reason: 'error-in-stream', detail: 'the server said: died' },
    ],
    [
      'an error as JSON with 200',
      json({ error: 'no' }),
      { reason: 'error-in-stream', detail: '200, and the server said: no' },
    ],
    [
      'no stream',
      json({ choices: [] }),
      {
        reason: 'malformed-response',
        detail: '200 of application/json where text/event-stream was asked for: {"choices":[]}',
      },
    ],
    [
      'broken JSON',
      stream('{"choices":[{"del'),
      { reason: 'malformed-response', detail: 'a chunk that is no JSON object: {"choices":[{"del' },
    ],
    [
      'an early end',
      stream({ choices: [{ delta: { content: 'a' } }] }),
      {
        reason: 'closed-early',
        detail: 'the stream ended after 1 content events, without a finish_reason, usage or [DONE]',
      },
    ],
    [
      'no content',
      (response) => response.writeHead(204).end(),
      {
        reason: 'malformed-response',
        detail: '204 without a content-type where text/event-stream was asked for, with an empty body',
      },
    ],
    [
      'a refusal without a word',
      (response) => response.writeHead(500).end(),
      { reason: 'server-error', detail: '500 Internal Server Error' },
    ],
    [
      'an error without a word',
      stream({ error: '' }),
      { reason: 'error-in-stream', detail: 'the server said: (empty)' },
    ],
    [
      'an abort by the server',
      stream({ choices: [{ delta: {}, finish_reason: 'abort' }] }, '[DONE]'),
      { reason: 'error-in-stream', detail: 'the server ended the answer with finish_reason abort' },
    ],
  ])('%s is a failed request with its evidence', async (_, answer, outcome) => {
    const { timeline } = await answered(answer)
    expect(timeline.outcome).toEqual({ status: 'failed', ...outcome })
  })

  test('a stream that lacks [DONE] after its reason to finish is whole', async () => {
    const { timeline } = await answered(stream({ choices: [{ delta: { content: 'a' }, finish_reason: 'length' }] }))
    expect(timeline.outcome).toEqual({ status: 'ok', finish: 'length' })
  })

  test('text that came before a reset is kept, and the next request is answered', async () => {
    const answers: Answer[] = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n', () => response.socket?.resetAndDestroy())
      },
      chat(['b']),
    ]
    const next: Answer = (response, asked) => (answers.shift() as Answer)(response, asked)
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': next })
    await using engine = await start(server)
    const trial = trialOf(chatOf())
    await engine.prepare(trial)
    const reset = await send(engine, trial)
    expect(reset).toMatchObject({ outcome: { reason: 'connection-reset' }, output: 'a', events: { characters: [1] } })
    expect(await send(engine, trial)).toMatchObject({ outcome: { status: 'ok' }, output: 'b' })
  })

  test('a request that is stopped ends at once, with what had come', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': hanging })
    await using engine = await start(server)
    const trial = trialOf(chatOf())
    await engine.prepare(trial)
    const stop = new AbortController()
    const request = { trial, index: 0, job: 0, phase: 'measured' as const, client: 0, scheduled: now() }
    const timeline = await engine.send(request, () => stop.abort(), stop.signal)
    expect(timeline).toMatchObject({ outcome: { status: 'failed', reason: 'stopped' }, output: 'a' })
  })

  test('an answer that said [DONE] is whole though its server never ends it, now and read again', async () => {
    const answers = [doneAndHanging, chat(['c'])]
    const next: Answer = (response, asked) => (answers.shift() as Answer)(response, asked)
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': next })
    const lines: string[] = []
    await using engine = await start(server, {}, (line) => lines.push(line))
    const trial = trialOf(chatOf(), { keepStreams: true })
    await engine.prepare(trial)
    const { stream: bytes, ...timeline } = await send(engine, trial)
    expect(timeline).toMatchObject({ outcome: { status: 'ok', finish: 'stop' }, output: 'b' })
    expect(lines).toMatchInlineSnapshot(`
      [
        "the server does not end its responses: 100 ms after the answer's end they are ended here, and the next request opens a connection",
      ]
    `)
    expect(timeline.doneUs).toBe(timeline.events?.deltasUs[0])
    const { told, outcome } = readAgain(bytes as RecordedStream, 16, openAiProtocol)
    expect({ ...timeline, ...told, outcome }).toEqual(timeline)
    const after = await send(engine, trial)
    expect(after).toMatchObject({ outcome: { status: 'ok' }, output: 'c', connectUs: expect.any(Number) })
  })

  test('over connections that a server closes without having said so is whole, and the log says so once', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': closingSilently })
    const { promise: learned, resolve } = Promise.withResolvers<void>()
    const lines: string[] = []
    await using engine = await start(server, {}, (line) => {
      lines.push(line)
      resolve()
    })
    const trial = trialOf(chatOf(), { load: { kind: 'closed', clients: 2, requests: 2 } })
    await engine.prepare(trial)
    await Promise.all([0, 1].map((client) => send(engine, trial, { client })))
    await learned
    for (const client of [0, 1, 0])
      expect(await send(engine, trial, { client })).toMatchObject({
        outcome: { status: 'ok' },
        connectUs: expect.any(Number),
      })
    expect(lines).toMatchInlineSnapshot(`
      [
        "the server closes connections after each response and does not say so: each request opens its own from now on",
      ]
    `)
  })

  test('an answer without an end is ended, now and read again, and the next request is answered', async () => {
    const answers = [endless, chat(['b'])]
    const next: Answer = (response, asked) => (answers.shift() as Answer)(response, asked)
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': next })
    await using engine = await start(server)
    const trial = trialOf(chatOf(), { keepStreams: true })
    await engine.prepare(trial)
    const { stream: bytes, ...timeline } = await send(engine, trial)
    expect(timeline.outcome).toEqual({
      status: 'failed',
      reason: 'malformed-response',
      detail: 'more than 101600 content events: the answer has no end',
    })
    expect(timeline.events?.deltasUs).toHaveLength(mostEvents(16))
    const { told, outcome } = readAgain(bytes as RecordedStream, 16, openAiProtocol)
    expect(outcome).toEqual(timeline.outcome)
    expect(told.events?.deltasUs).toHaveLength(mostEvents(16))
    expect(await send(engine, trial)).toMatchObject({ outcome: { status: 'ok' }, output: 'b' })
  })

  test('connections are closed when the engine is disposed of', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': chat(['a']) })
    {
      await using engine = await start(server)
      const trial = trialOf(chatOf(), { load: { kind: 'closed', clients: 2, requests: 2 } })
      await engine.prepare(trial)
      await Promise.all([0, 1].map((client) => send(engine, trial, { client })))
    }
    await expect.poll(() => server.connections).toBe(0)
  })
})
