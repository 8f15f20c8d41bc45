import { describe, expect, test } from 'vitest'
import { backendOf } from '../../lib/backend/backend-of.ts'
import type { CaikitHttpConfig, EngineServerConfig } from '../../lib/domain/backend-config.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { chunk, lastChunk, scriptedServer, type Visit } from '../wire/scripted-server.ts'
import { measured } from './contract.ts'
import { saidOfItself } from './recorded-server.ts'
import { completionOf, openAiLaunch, trialOf } from './wire-launch.ts'

type Config = EngineServerConfig | CaikitHttpConfig
type Kind = Extract<Config['kind'], 'ollama' | 'llama-server' | 'tgi' | 'caikit-http'>

/** How a server says things: a text and how many tokens there are with it, the end, and what went wrong. */
type Tongue = {
  type: string
  frame: (json: string) => string
  says: (text: string, count: number) => object
  last: (count: number, more?: object) => object
  error: (what: string) => object
}
const event = (json: string) => `data: ${json}\n\n`
const tongues: Readonly<Record<Kind, Tongue>> = {
  ollama: {
    type: 'application/x-ndjson',
    frame: (json) => `${json}\n`,
    says: (response) => ({ response, done: false }),
    last: (count, more) => ({ done: true, done_reason: 'length', eval_count: count, ...more }),
    error: (error) => ({ error }),
  },
  'llama-server': {
    type: 'text/event-stream',
    frame: event,
    says: (content, count) => ({ content, stop: false, tokens_predicted: count }),
    last: (count, more) => ({ content: '', stop: true, stop_type: 'limit', tokens_predicted: count, ...more }),
    error: (error) => ({ error: { nested: error, message: error === 'DEEP' ? '' : error } }),
  },
  tgi: {
    type: 'text/event-stream',
    frame: event,
    says: (text, index) => ({ index, token: { text, special: false } }),
    last: (count, more) => ({
      index: 100,
      generated_text: 'all',
      details: { finish_reason: 'length', generated_tokens: count, ...more },
    }),
    error: (error) => ({ error, error_type: 'generation' }),
  },
  'caikit-http': {
    type: 'text/event-stream',
    frame: event,
    says: (text, count) => ({
      generated_text: text,
      details: { finish_reason: 'NOT_FINISHED', generated_tokens: count },
    }),
    last: (count, more) => ({ details: { finish_reason: 'MAX_TOKENS', generated_tokens: count, ...more } }),
    error: (error) => ({ nested: error, details: error === 'DEEP' ? 'deep' : error, code: 500 }),
  },
}
const kinds = Object.keys(tongues) as Kind[]

const headOf = (type: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`

/** One request to a server that answers as it is told, once it has said of itself what it must. */
async function met(
  kind: Kind,
  answer: (visit: Visit, tongue: Tongue & { bytes: (...said: object[]) => string }) => Promise<unknown>,
  stallMs = 20_000,
): Promise<RequestTimeline> {
  const tongue = tongues[kind]
  const bytes = (...said: object[]) => said.map((one) => chunk(tongue.frame(JSON.stringify(one)))).join('')
  await using server = await scriptedServer(async (visit) => {
    for (;;) {
      const [method = '', path = ''] = (await visit.request()).split(' ', 2)
      if (method === 'GET' || path === '/api/show') await visit.write(saidOfItself({ method, path, body: '' }))
      else await answer(visit, { ...tongue, bytes })
    }
  })
  const backend = { name: 'mine', kind, url: server.url, clientProcesses: 1, salt: false } as Config
  const engine = await backendOf(kind)
  const start = (origin: number) =>
    engine.start({ ...openAiLaunch(server.url), backend }, { now, origin, log: () => {} })
  const limits = { loadMs: 60_000, firstTokenMs: 20_000, stallMs, trialMs: 60_000, retries: 0 }
  const { requests } = await measured(start, trialOf(completionOf(), { limits }))
  return requests[0] as RequestTimeline
}

/** JSON that can be read, and not written again. */
const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`

const begun = ({ type, bytes, says }: Parameters<Parameters<typeof met>[1]>[1]) =>
  headOf(type) + bytes(says('a', 1), says('b', 2))
const none = (write: Visit['write'], type: string) => write(headOf(type) + lastChunk)

describe.each(kinds)('%s', (kind) => {
  const failed = async (reason: string, detail: RegExp, answer: Parameters<typeof met>[1], events = 2) => {
    const timeline = await met(kind, answer)
    expect(timeline.outcome).toMatchObject({ status: 'failed', reason, detail: expect.stringMatching(detail) })
    expect((timeline.outcome as { detail: string }).detail.length).toBeLessThan(500)
    expect(timeline.events?.deltasUs.length ?? 0).toBe(events)
  }

  test('a stream that is cut in a word, closed or reset, is told from one that ends in order without its end', async () => {
    await failed('closed-early', /before the last chunk/, async ({ write, socket }, tongue) => {
      await write(begun(tongue) + chunk(tongue.frame(JSON.stringify(tongue.says('c', 3)))).slice(0, 9))
      socket.end()
    })
    await failed('connection-reset', /ECONNRESET/, async ({ write, socket }, tongue) => {
      await write(begun(tongue))
      setTimeout(() => socket.resetAndDestroy(), 50) // what had come is read first
    })
    await failed('closed-early', /^the stream ended after 2 content events, without /, ({ write }, tongue) =>
      write(begun(tongue) + lastChunk),
    )
  })

  test('a stream that says nothing more stalls, with what had come', async () => {
    const timeline = await met(kind, ({ write }, tongue) => write(begun(tongue)), 200)
    expect(timeline).toMatchObject({ outcome: { status: 'failed', reason: 'stall' }, output: 'ab' })
  })

  test.each(['{"half', '[1]', 'null', '"a"', '\u0000\u0007'])(
    '%j in place of a chunk fails it at once',
    async (line) => {
      await failed('malformed-response', /^a chunk that is no JSON object: /, ({ write }, tongue) =>
        write(begun(tongue) + chunk(tongue.frame(line))),
      )
    },
  )

  test('an error fails it at once, held open or not, however it is made', async () => {
    await failed('error-in-stream', /^the server said: died$/, ({ write }, tongue) =>
      write(begun(tongue) + tongue.bytes(tongue.error('died'))),
    )
    await failed('error-in-stream', /^the server said: /, ({ write }, tongue) =>
      write(begun(tongue) + chunk(tongue.frame(JSON.stringify(tongue.error('DEEP')).replace('"DEEP"', deep)))),
    )
  })

  test('a refusal is its status, whatever its body and its type', async () => {
    const huge = '\u001b[2J"<script>'.repeat(500_000)
    await failed(
      'server-error',
      /^503 Service Unavailable: /,
      ({ write }) => write(headOf('text/html', '503 Service Unavailable') + chunk(huge) + lastChunk),
      0,
    )
    const { outcome } = await met(kind, ({ write }, { type, bytes, error }) =>
      write(headOf(type, '429 Too Many Requests') + bytes(error('wait')) + lastChunk),
    )
    expect(outcome).toMatchObject({ status: 'failed', reason: 'rate-limited' })
    expect(outcome).toMatchObject({ detail: '429 Too Many Requests: the server said: wait' })
  })

  test('what is no stream, and a stream of nothing, are no answers', async () => {
    await failed('malformed-response', /^200 of text\/html/, ({ write }) => none(write, 'text/html'), 0)
    await failed('closed-early', /after 0 content events/, ({ write }, { type }) => none(write, type), 0)
  })

  test('tokens without a text are no answer', async () => {
    await failed(
      'malformed-response',
      /^no text came, and the server counted 12 output tokens$/,
      ({ write }, { type, bytes, last }) => write(headOf(type) + bytes(last(12)) + lastChunk),
      0,
    )
  })

  test.skipIf(kind === 'ollama')('tokens out of order, and counts that run backwards, fail it at once', async () => {
    await failed(
      'malformed-response',
      kind === 'tgi' ? /^token 3 came after token 9$/ : /^the server counted 3 output tokens after it had counted 9$/,
      ({ write }, tongue) => write(begun(tongue) + tongue.bytes(tongue.says('c', 9), tongue.says('d', 3))),
      3,
    )
    await failed('malformed-response', /counted 0 /, ({ write }, tongue) =>
      write(begun(tongue) + tongue.bytes(tongue.last(0)) + lastChunk),
    )
  })

  test('a character over two writes is one', async () => {
    const timeline = await met(kind, async ({ write }, { type, frame, says, bytes, last }) => {
      const line = Buffer.from(chunk(frame(JSON.stringify(says('é🛶', 1)))))
      const inside = line.indexOf(Buffer.from('🛶')) + 2
      await write(headOf(type))
      await write(line.subarray(0, inside))
      await new Promise((resolve) => setTimeout(resolve, 5))
      await write(line.subarray(inside))
      await write(bytes(last(1)) + lastChunk)
    })
    expect(timeline).toMatchObject({ outcome: { status: 'ok', finish: 'length' }, output: 'é🛶', outputTokens: 1 })
  })

  test('counts that are none are left out, and no time is taken from them', async () => {
    for (const odd of ['12', -1, 1.5, 1e300, null, {}, [3], true]) {
      const timeline = await met(kind, ({ write }, { type, bytes, says, last }) => {
        const more = { generated_tokens: odd, eval_count: odd, tokens_predicted: odd, tokens_evaluated: odd }
        const also = { prompt_eval_count: odd, input_length: odd, input_token_count: odd }
        return write(headOf(type) + bytes(says('a', 1), last(1, { ...more, ...also })) + lastChunk)
      })
      // Caikit's are of protocol buffers, whose numbers may be texts.
      const isCount = kind === 'caikit-http' && odd === '12'
      expect(timeline).toMatchObject({ outcome: { status: 'ok' }, output: 'a' })
      expect([timeline.outputTokens, timeline.promptTokens]).toEqual(isCount ? [12, 12] : [undefined, undefined])
    }
  })
})
