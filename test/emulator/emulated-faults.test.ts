import { expect, test } from 'vitest'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import {
  type EmulatedRequest,
  type Emulation,
  type FaultKind,
  faultKinds,
  type FaultPlace,
} from '../../lib/domain/emulation.ts'
import { evenly } from './emulation.ts'
import { exchange, hello, pieces, requestBytes } from '../wire/raw-client.ts'

const quickly: Emulation = { ...evenly, firstTokenMs: 1, tokenMs: 0.1 }
const usage = { stream_options: { include_usage: true } }

/** What a client gets of four tokens, from a server that does this to every request. */
async function suffered(kind: FaultKind, at: FaultPlace, body: object = usage): Promise<string> {
  const emulation = { ...quickly, faults: [{ kind, at, every: 1 }] }
  await using server = await EmulatedServer.start({ emulation, models: ['emulated'] })
  const { bytes, ended } = await exchange(server.url, requestBytes({ ...hello, ...body }), (read) =>
    isAll(kind, at, read),
  )
  return `${shown(bytes)} ${ended}`
}

const tokensBefore = { 'before-headers': 0, 'before-first-event': 0, 'mid-stream': 2, 'last-event': 3 }

/** Whether nothing more is to come: a held connection says so by nothing. */
function isAll(kind: FaultKind, at: FaultPlace, bytes: string): boolean {
  if (kind === 'stall' && at === 'before-headers') return bytes.endsWith('content-ty')
  if (kind === 'stall') return bytes.includes('\r\n\r\n') && tokens(bytes) === tokensBefore[at]
  if (kind === 'never-answers') return at === 'before-headers' || bytes.includes(': still here')
  const [, length] = /content-length: (\d+)\r\n/.exec(bytes) ?? []
  const whole = length !== undefined && bytes.length >= bytes.indexOf('\r\n\r\n') + 4 + Number(length)
  return whole || bytes.endsWith('\r\n0\r\n\r\n')
}

const tokens = (bytes: string) => bytes.split('"content":" ').length - 1

/** A response in short: its status, its events, and what is none. */
function shown(bytes: string): string {
  const head = bytes.indexOf('\r\n\r\n')
  const status = /^HTTP\/1.1 (\d+)/.exec(bytes)?.[1]
  if (status === undefined || head < 0) return JSON.stringify(bytes)
  if (!bytes.includes('transfer-encoding'))
    return `${bytes.slice(9, head).replaceAll('\r\n', ' | ')} ${printable(bytes.slice(head + 4))}`
  const events = pieces(bytes).map(event)
  const rest = bytes.endsWith('\r\n0\r\n\r\n') ? '' : bytes.slice(Math.max(head + 4, bytes.lastIndexOf('\n\n\r\n') + 4))
  return [status, ...events, ...(rest.length > 0 ? [JSON.stringify(rest)] : [])].join(' ')
}

const printable = (text: string) => text.replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)

function event(piece: string): string {
  const data = piece.slice('data: '.length, -2)
  if (piece.startsWith(':') || data === '[DONE]') return piece.trim()
  try {
    const { choices, error, usage: told } = JSON.parse(data) as Said
    if (error !== undefined) return `error ${error.code}`
    if (choices[0] === undefined) return `usage ${told?.completion_tokens}`
    return choices[0].delta.content ?? `finish ${choices[0].finish_reason}`
  } catch {
    return JSON.stringify(piece)
  }
}
type Said = {
  choices: { delta: { content?: string }; finish_reason: string | null }[]
  error?: { code: string }
  usage?: { completion_tokens: number }
}

async function all(at: FaultPlace, body?: object, kinds: readonly FaultKind[] = faultKinds): Promise<string> {
  const lines = await Promise.all(kinds.map(async (kind) => `${kind}: ${await suffered(kind, at, body)}`))
  return lines.join('\n').replaceAll(/\d{10}/g, 'SECONDS')
}

test('every kind of fault before the headers', async () => {
  expect(await all('before-headers')).toMatchInlineSnapshot(`
    "reset: "" RST
    rate-limited: 429 Too Many Requests | content-type: application/json | retry-after: 1 | content-length: 107 {"error":{"message":"Too many requests: wait a second.","type":"rate_limit_error","param":null,"code":429}} open
    server-error: 500 Internal Server Error | content-type: application/json | content-length: 88 {"error":{"message":"The engine failed.","type":"server_error","param":null,"code":500}} open
    error-in-stream: 200 OK | content-type: application/json | content-length: 110 {"error":{"message":"The engine ran into an error.","type":"server_error","param":null,"code":"engine_error"}} open
    stall: "HTTP/1.1 200 OK\\r\\ncontent-ty" open
    garbage: "\\u0000ÿþgarbage\\u0007Ã(\\r\\n\\r\\nð" FIN
    truncated-json: 200 OK | content-type: application/json | content-length: 61 {"id":"chatcmpl-0","object":"chat.completion","choices":[{"in open
    wrong-usage: 200   Snow  makes  the  fields finish length usage 0 data: [DONE] open
    never-answers: "" open
    early-close: "" FIN"
  `)
})

test('every kind of fault before the first event', async () => {
  expect(await all('before-first-event')).toMatchInlineSnapshot(`
    "reset: 200 RST
    rate-limited: 200 error 429 data: [DONE] open
    server-error: 200 error 500 data: [DONE] open
    error-in-stream: 200 error engine_error data: [DONE] open
    stall: 200 open
    garbage: 200 "data: \\u0000ÿþgarbage\\u0007Ã(ð\\n\\n" data: [DONE] open
    truncated-json: 200 "data: {\\"id\\":\\"chatcmpl-0\\",\\"created\\":SECONDS,\\"model\\":\\"emulated\\",\\"object\\":\\"chat.completion.chu\\n\\n" data: [DONE] open
    wrong-usage: 200   Snow  makes  the  fields finish length usage 7 data: [DONE] open
    never-answers: 200 : still here open
    early-close: 200 FIN"
  `)
})

test('every kind of fault in mid-stream', async () => {
  expect(await all('mid-stream')).toMatchInlineSnapshot(`
    "reset: 200   Snow  makes RST
    rate-limited: 200   Snow  makes error 429 data: [DONE] open
    server-error: 200   Snow  makes error 500 data: [DONE] open
    error-in-stream: 200   Snow  makes error engine_error data: [DONE] open
    stall: 200   Snow  makes open
    garbage: 200   Snow  makes "\\u0000ÿþgarbage\\u0007Ã(\\r\\n\\r\\nð" FIN
    truncated-json: 200   Snow  makes "data: {\\"id\\":\\"chatcmpl-0\\",\\"created\\":SECONDS,\\"model\\":\\"emulated\\",\\"object\\":\\"chat.completion.chu\\n\\n" data: [DONE] open
    wrong-usage: 200   Snow  makes  the  fields finish length usage 2 data: [DONE] open
    never-answers: 200   Snow  makes : still here open
    early-close: 200   Snow  makes FIN"
  `)
})

test('every kind of fault at the last event', async () => {
  expect(await all('last-event')).toMatchInlineSnapshot(`
    "reset: 200   Snow  makes  the RST
    rate-limited: 200   Snow  makes  the error 429 data: [DONE] open
    server-error: 200   Snow  makes  the error 500 data: [DONE] open
    error-in-stream: 200   Snow  makes  the error engine_error data: [DONE] open
    stall: 200   Snow  makes  the open
    garbage: 200   Snow  makes  the "\\u0000ÿþgarbage\\u0007Ã(\\r\\n\\r\\nð" FIN
    truncated-json: 200   Snow  makes  the "data: {\\"id\\":\\"chatcmpl-0\\",\\"created\\":SECONDS,\\"model\\":\\"emulated\\",\\"object\\":\\"chat.completion.chu\\n\\n" data: [DONE] open
    wrong-usage: 200   Snow  makes  the  fields finish length usage 6 data: [DONE] open
    never-answers: 200   Snow  makes  the : still here open
    early-close: 200   Snow  makes  the FIN"
  `)
})

test('an answer that is one body is cut where the place says', async () => {
  const kinds = [
    'reset',
    'rate-limited',
    'error-in-stream',
    'garbage',
    'truncated-json',
    'wrong-usage',
    'early-close',
  ] as const
  expect(await all('mid-stream', { stream: false }, kinds)).toMatchInlineSnapshot(`
    "reset: 200 OK | content-type: application/json | x-request-id: 0 | content-length: 328 {"id":"chatcmpl-0","created":SECONDS,"model":"emulated","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" Snow makes the RST
    rate-limited: 429 Too Many Requests | content-type: application/json | retry-after: 1 | content-length: 107 {"error":{"message":"Too many requests: wait a second.","type":"rate_limit_error","param":null,"code":429}} open
    error-in-stream: 200 OK | content-type: application/json | content-length: 110 {"error":{"message":"The engine ran into an error.","type":"server_error","param":null,"code":"engine_error"}} open
    garbage: 200 OK | content-type: application/json | x-request-id: 0 | content-length: 328 {"id":"chatcmpl-0","created":SECONDS,"model":"emulated","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" Snow makes the\\x0\\xff\\xfe\\x80garbage\\x7\\xc3(\\xd\\xa\\xd\\xa\\xf0\\x9f FIN
    truncated-json: 200 OK | content-type: application/json | content-length: 164 {"id":"chatcmpl-0","created":SECONDS,"model":"emulated","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" Snow makes the open
    wrong-usage: 200 OK | content-type: application/json | x-request-id: 0 | content-length: 328 {"id":"chatcmpl-0","created":SECONDS,"model":"emulated","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" Snow makes the fields"},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"prompt_tokens_details":{"cached_tokens":0}}} open
    early-close: 200 OK | content-type: application/json | x-request-id: 0 | content-length: 328 {"id":"chatcmpl-0","created":SECONDS,"model":"emulated","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" Snow makes the FIN"
  `)
})

test('of every so many requests the last goes wrong, and the truth says which', async () => {
  const faults: Emulation['faults'] = [
    { kind: 'rate-limited', at: 'before-headers', every: 3 },
    { kind: 'wrong-usage', at: 'mid-stream', every: 2 },
    { kind: 'reset', at: 'last-event', every: 5 },
  ]
  await using server = await EmulatedServer.start({ emulation: { ...quickly, faults }, models: ['emulated'] })
  const ask = () =>
    exchange(server.url, requestBytes({ ...hello, ...usage }), (read) => isAll('reset', 'mid-stream', read))
  for (let number = 0; number < 6; number += 1) await ask()
  const truth = (await (await fetch(`${server.url}/emulator/truth`)).text()).trim().split('\n')
  const told = truth.map((line) => JSON.parse(line) as EmulatedRequest)
  expect(told.map(({ end, fault, tokens: written }) => [end, fault?.kind, written])).toEqual([
    ['whole', undefined, 4],
    ['whole', 'wrong-usage', 4],
    ['fault', 'rate-limited', 0],
    ['whole', 'wrong-usage', 4],
    ['fault', 'reset', 3],
    ['fault', 'rate-limited', 0],
  ])
})

test('what stalls holds its connection but no slot', async () => {
  const emulation: Emulation = { ...quickly, slots: 1, faults: [{ kind: 'stall', at: 'mid-stream', every: 2 }] }
  await using server = await EmulatedServer.start({ emulation, models: ['emulated'] })
  const whole = () => exchange(server.url, requestBytes(hello), (read) => isAll('reset', 'mid-stream', read))
  await whole()
  const { promise: stalled, resolve: stalls } = Promise.withResolvers<void>()
  void exchange(server.url, requestBytes(hello), (read) => {
    if (isAll('stall', 'mid-stream', read)) stalls()
    return false
  })
  await stalled
  expect(tokens((await whole()).bytes)).toBe(4)
})
