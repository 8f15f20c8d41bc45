import { expect, test } from 'vitest'
import { emulatedTokens } from '../../lib/emulator/emulated-text.ts'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import type { Emulation } from '../../lib/domain/emulation.ts'
import { evenly } from './emulation.ts'
import { exchange, hello, isWhole, pieces, requestBytes } from '../wire/raw-client.ts'

const quickly: Emulation = { ...evenly, firstTokenMs: 1, tokenMs: 0.1 }
const start = (emulation: Partial<Emulation> = {}) =>
  EmulatedServer.start({ emulation: { ...quickly, ...emulation }, models: ['emulated', 'naïve', 'a <text> "b"'] })

/** The events of a stream, without what each begins with. */
async function events(emulation: Partial<Emulation>, body: object = {}, path?: string): Promise<string> {
  await using server = await start(emulation)
  const request = requestBytes({ ...hello, prompt: 'one two', ...body }, path === undefined ? {} : { path })
  const { bytes } = await exchange(server.url, request, isWhole)
  return pieces(bytes)
    .map((piece) => piece.trim().replace(/^data: \{"id":.*?"choices":/, ''))
    .join('\n')
}

test('a chat says its role, each token, its end and its usage in events of their own', async () => {
  expect(await events({}, { stream_options: { include_usage: true } })).toMatchInlineSnapshot(`
    "[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}
    [{"index":0,"delta":{"content":" Snow"},"logprobs":null,"finish_reason":null}]}
    [{"index":0,"delta":{"content":" makes"},"logprobs":null,"finish_reason":null}]}
    [{"index":0,"delta":{"content":" the"},"logprobs":null,"finish_reason":null}]}
    [{"index":0,"delta":{"content":" fields"},"logprobs":null,"finish_reason":null}]}
    [{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}]}
    [],"usage":{"prompt_tokens":2,"completion_tokens":4,"total_tokens":6,"prompt_tokens_details":{"cached_tokens":0}}}
    data: [DONE]"
  `)
})

test('a completion has text and no role', async () => {
  expect(await events({}, { max_tokens: 2 }, '/v1/completions')).toMatchInlineSnapshot(`
    "[{"index":0,"text":" Snow","logprobs":null,"finish_reason":null}]}
    [{"index":0,"text":" makes","logprobs":null,"finish_reason":null}]}
    [{"index":0,"text":"","logprobs":null,"finish_reason":"length"}]}
    data: [DONE]"
  `)
})

test('the role may come with the first token, and usage with every chunk', async () => {
  const body = { max_tokens: 2, stream_options: { include_usage: true, continuous_usage_stats: true } }
  expect(await events({ role: 'with-first-token', cached: 0.5 }, body)).toMatchInlineSnapshot(`
    "[{"index":0,"delta":{"role":"assistant","content":" Snow"},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":2,"completion_tokens":1,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":1}}}
    [{"index":0,"delta":{"content":" makes"},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"prompt_tokens_details":{"cached_tokens":1}}}
    [{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"prompt_tokens_details":{"cached_tokens":1}}}
    [],"usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"prompt_tokens_details":{"cached_tokens":1}}}
    data: [DONE]"
  `)
})

test('usage comes unasked where the server has it so, or never', async () => {
  const asked = { max_tokens: 1, stream_options: { include_usage: true } }
  expect(await events({ usage: 'continuous', role: 'none' }, { max_tokens: 1 })).toContain('"completion_tokens":1')
  expect(await events({ usage: 'none' }, asked)).not.toContain('usage')
  expect(await events({ usage: 'wrong' }, { ...asked, max_tokens: 5 })).toContain('"completion_tokens":8')
})

/** The tokens of each write. */
async function writes(emulation: Partial<Emulation>): Promise<string> {
  await using server = await start(emulation)
  await exchange(server.url, requestBytes({ ...hello, max_tokens: 7 }), isWhole)
  const truth = JSON.parse(await (await fetch(`${server.url}/emulator/truth`)).text()) as {
    writes: { tokens: number[] }
  }
  return truth.writes.tokens.join(' ')
}

test('an event is a write of its own, or as many as are told', async () => {
  expect(await writes({})).toBe('0 0 1 1 1 1 1 1 1 0 0')
  expect(await writes({ tokensPerChunk: 3, role: 'none' })).toBe('0 3 3 1 0 0')
  expect(await writes({ chunksPerWrite: 3, role: 'none' })).toBe('0 3 3 1')
})

test('a server without time answers at once and in one write, with the same as one that has time', async () => {
  const body = { max_tokens: 30, stream_options: { include_usage: true } }
  const noTime = { firstTokenMs: 0, promptTokenMs: 0, tokenMs: 0 }
  expect(await events(noTime, body)).toBe(await events({}, body))
  await using server = await start(noTime)
  await exchange(server.url, requestBytes({ ...hello, max_tokens: 30 }), isWhole)
  const whole = await exchange(server.url, requestBytes({ ...hello, stream: false }), (bytes) => bytes.endsWith('}'))
  expect(whole.bytes).toContain('x-request-id: 1\r\n')
  const lines = (await (await fetch(`${server.url}/emulator/truth`)).text()).trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { writes: { tokens: number[] } }).writes.tokens)).toEqual([[30], [4]])
})

test('what is asked wrongly is refused in the form of OpenAI', async () => {
  await using server = await start()
  const ask = async (path: string, body?: string) => {
    const init = body === undefined ? {} : { method: 'POST', body }
    const response = await fetch(server.url + path, init)
    return `${response.status} ${await response.text()}`
  }
  const chat = (body: object) => ask('/v1/chat/completions', JSON.stringify({ model: 'emulated', ...body }))
  const said = [
    await ask('/v1/chat/completions', '{"model":'),
    await ask('/v1/chat/completions', '[]'),
    await chat({}),
    await chat({ messages: [{ role: 'user' }] }),
    await chat({ ...hello, model: 'naïver' }),
    await chat({ ...hello, max_tokens: 0 }),
    await chat({ ...hello, n: 2 }),
    await ask('/v1/completions', JSON.stringify({ model: 'emulated', prompt: ['a', 'b'] })),
    await ask('/v1/completions'),
    await ask('/v2'),
  ]
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "400 {"error":{"message":"The body is not a JSON object.","type":"invalid_request_error","param":null,"code":null}}
    400 {"error":{"message":"The body is not a JSON object.","type":"invalid_request_error","param":null,"code":null}}
    400 {"error":{"message":"Must be a list of messages.","type":"invalid_request_error","param":"messages","code":null}}
    400 {"error":{"message":"Must be a list of messages.","type":"invalid_request_error","param":"messages","code":null}}
    404 {"error":{"message":"The model \\"na\\u00efver\\" does not exist.","type":"invalid_request_error","param":"model","code":"model_not_found"}}
    400 {"error":{"message":"Must be a whole number from 1 to 1000000.","type":"invalid_request_error","param":"max_tokens","code":null}}
    400 {"error":{"message":"Must be 1: this server gives one choice.","type":"invalid_request_error","param":"n","code":null}}
    400 {"error":{"message":"Must be one prompt.","type":"invalid_request_error","param":"prompt","code":null}}
    405 {"error":{"message":"POST it.","type":"invalid_request_error","param":null,"code":null}}
    404 {"error":{"message":"There is no GET /v2 here.","type":"invalid_request_error","param":null,"code":null}}"
  `)
})

test('what is no request is refused, and its connection ends', async () => {
  await using server = await start()
  const post = 'POST /v1/completions HTTP/1.1\r\n'
  const requests = [
    'hello\r\n\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    `${post}transfer-encoding: gzip, chunked\r\n\r\n`,
    `${post}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n`,
    `${post}transfer-encoding: chunked\r\n\r\nmany\r\n`,
    `${post}transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n`,
    `${post}content-length: many\r\n\r\n`,
    `${post}content-length: 99999999999\r\n\r\n`,
    `${post}nameless\r\n\r\n`,
    `${post}x: ${'x'.repeat(70_000)}`,
  ]
  const said = await Promise.all(requests.map((request) => exchange(server.url, request)))
  const shown = said.map(({ bytes, ended }) => `${bytes.split('\r\n')[0]} ${ended} ${bytes.split('\r\n\r\n')[1]}`)
  expect(shown.join('\n')).toMatchInlineSnapshot(`
    "HTTP/1.1 400 Bad Request FIN {"error":{"message":"this is no HTTP request","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 505 HTTP Version Not Supported FIN {"error":{"message":"only HTTP/1.1 is spoken here","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 501 Not Implemented FIN {"error":{"message":"the only transfer-encoding that is read here is chunked","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 400 Bad Request FIN {"error":{"message":"a body has a content-length or a transfer-encoding, not both","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 400 Bad Request FIN {"error":{"message":"the body is not chunked as it says: no chunk size: \\"many\\"","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 400 Bad Request FIN {"error":{"message":"the body is not chunked as it says: a chunk longer than it said: \\"c\\"","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 400 Bad Request FIN {"error":{"message":"the content-length is no number","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 413 Content Too Large FIN {"error":{"message":"a body has at most 33554432 bytes here","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 400 Bad Request FIN {"error":{"message":"a header has no name","type":"invalid_request_error","param":null,"code":null}}
    HTTP/1.1 431 Request Header Fields Too Large FIN {"error":{"message":"the headers are too long","type":"invalid_request_error","param":null,"code":null}}"
  `)
})

test('requests may come in pieces, behind each other, and ask whether their body is wanted', async () => {
  await using server = await start()
  const one = requestBytes({ ...hello, max_tokens: 1 })
  const closing = requestBytes(
    { ...hello, max_tokens: 1 },
    { headers: { Connection: 'close', Expect: '100-continue' } },
  )
  const { bytes, ended } = await exchange(server.url, [...(`${one}${one}`.match(/.{1,7}/gs) as string[]), closing])
  expect(bytes.split('data: [DONE]').length - 1).toBe(3)
  expect(bytes.split('HTTP/1.1 100 Continue\r\n\r\n').length - 1).toBe(1)
  expect(ended).toBe('FIN')
})

/** A request whose body is sent in chunks of so many bytes, with an extension and a trailer. */
function chunked(body: object, bytes: number): string {
  const [head, text] = requestBytes({ ...hello, ...body }).split('\r\n\r\n') as [string, string]
  const lines = (text.match(new RegExp(`.{1,${bytes}}`, 'gs')) as string[]).map(
    (piece) => `${piece.length.toString(16).toUpperCase()};a=b\r\n${piece}\r\n`,
  )
  const headers = head.replace(/content-length: \d+/, 'Transfer-Encoding: chunked')
  return `${headers}\r\n\r\n${lines.join('')}0\r\nx: y\r\n\r\n`
}

test.each([1, 7, 10_000])('a body in chunks, read %i bytes at a time, means the same', async (bytes) => {
  await using server = await start()
  const requests = [chunked({ max_tokens: 2 }, 20), requestBytes({ ...hello, max_tokens: 2 }), chunked({}, 1000)].join(
    '',
  )
  const reads = requests.match(new RegExp(`.{1,${bytes}}`, 'gs')) as string[]
  await exchange(server.url, reads, (came) => came.split('data: [DONE]').length > 3)
  const told = (await (await fetch(`${server.url}/emulator/truth`)).text()).trim().split('\n')
  const asked = told.map((line) => JSON.parse(line) as { promptTokens: number; tokens: number })
  expect(asked.map(({ promptTokens, tokens }) => [promptTokens, tokens])).toEqual([
    [2, 2],
    [2, 2],
    [2, 4],
  ])
})

test('a stream of chunks that Node sends is answered', async () => {
  await using server = await start()
  const text = JSON.stringify({ model: 'emulated', ...hello, max_tokens: 2 })
  const body = new Blob([text]).stream()
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  const answer = (await (await fetch(`${server.url}/v1/chat/completions`, init)).json()) as { usage: object }
  expect(answer.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 2 })
})

test('frames that are made ahead are those of the same chunks made anew, whatever the model is called', async () => {
  await using server = await start({ role: 'none' })
  const ask = async (body: object) => {
    const request = requestBytes({ ...hello, prompt: 'x', model: 'a <text> "b"', max_tokens: 40, ...body })
    const { bytes } = await exchange(server.url, request, isWhole)
    return pieces(bytes)
      .slice(0, -1)
      .map((piece) => JSON.parse(piece.slice('data: '.length)) as { model: string; usage?: object })
  }
  const ahead = await ask({})
  const anew = await ask({ stream_options: { include_usage: true, continuous_usage_stats: true } })
  const bare = (chunks: typeof ahead) => chunks.map((chunk) => ({ ...chunk, usage: undefined, id: '', choices: 0 }))
  expect(ahead.length).toBe(41)
  expect(bare(ahead)).toEqual(bare(anew.slice(0, 41)))
  expect(ahead[0]?.model).toBe('a <text> "b"')
})

test('text needs no escapes in JSON', () => {
  const text = emulatedTokens(1, 1000).join('')
  expect(JSON.stringify(text)).toBe(`"${text}"`)
  expect(text).toMatch(/^[ -~]+$/)
})

test('names of models that are no ASCII are escaped, and mean the same', async () => {
  await using server = await start()
  const { bytes } = await exchange(server.url, requestBytes({ ...hello, model: 'naïve', max_tokens: 1 }), isWhole)
  const chunk = JSON.parse((pieces(bytes)[0] as string).slice('data: '.length)) as { model: string }
  expect(chunk.model).toBe('naïve')
})
