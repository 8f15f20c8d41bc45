import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openHttpPool, type StreamResult } from '../../lib/wire/http-pool.ts'
import { replayStream } from '../../lib/wire/replay-stream.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { RecordedStream } from '../../lib/domain/timeline.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { scriptedServer } from './scripted-server.ts'

const folder = join(import.meta.dirname, '../../data/streams')
const files = readdirSync(folder).filter((name) => name.endsWith('.http'))
const bytesOf = (name: string) => readFileSync(join(folder, name))

/** Bytes as if read in pieces of the lengths given, then an orderly end. */
function recorded(bytes: Buffer, lengths: readonly number[]): RecordedStream {
  const all = [...lengths, 0]
  return { deltasUs: all.map(() => 1), lengths: all, bytes: deflateRawSync(bytes).toString('base64') }
}

function replay(stream: RecordedStream) {
  const events: { data: string; atUs: number; read: number }[] = []
  const response = replayStream(stream, (data, atUs, read) => events.push({ data, atUs, read }))
  return { response, events, data: events.map((event) => event.data) }
}

function lengthsOf(total: number, next: () => number): number[] {
  const lengths: number[] = []
  for (let left = total; left > 0;) {
    const length = Math.min(left, Math.max(1, next()))
    lengths.push(length)
    left -= length
  }
  return lengths
}

const content = (data: string): string => {
  if (data === '[DONE]') return ''
  const said = JSON.parse(data) as Said
  const choice = said.choices?.[0]
  const own = choice?.delta ?? said.message ?? said.token ?? said
  return (
    own.content ||
    own.reasoning_content ||
    own.thinking ||
    own.text ||
    own.response ||
    own.generated_text ||
    choice?.text ||
    ''
  )
}
type Texts = {
  [name in 'content' | 'reasoning_content' | 'thinking' | 'text' | 'response' | 'generated_text']?: string | null
}
type Said = Texts & { choices?: { text?: string; delta?: Texts }[]; message?: Texts; token?: Texts }

test.each(files)('%s gives the same response wherever its reads end', (name) => {
  const bytes = bytesOf(name)
  const whole = replay(recorded(bytes, [bytes.length]))
  const same = (lengths: number[], how: string) => {
    const split = replay(recorded(bytes, lengths))
    expect([how, split.response, split.data]).toEqual([how, whole.response, whole.data])
    for (const { atUs, read } of split.events) expect(atUs).toBe(read + 1)
  }
  same(
    lengthsOf(bytes.length, () => 1),
    'byte by byte',
  )
  for (let at = 1; at < bytes.length; at += 1) same([at, bytes.length - at], `at ${at}`)
  for (let seed = 0; seed < 40; seed += 1) {
    const random = randomSequence(seed)
    const most = 1 + Math.floor(random() * 400)
    same(
      lengthsOf(bytes.length, () => Math.ceil(random() * most)),
      `seed ${seed}`,
    )
  }
})

test('each recorded response says what its server said', () => {
  const said = files.map((name) => {
    const bytes = bytesOf(name)
    const { response, data } = replay(recorded(bytes, [bytes.length]))
    const { end } = response
    const how = end.status === 'complete' ? end.status : `${end.reason}: ${end.detail}`
    const text = JSON.stringify(data.map(content).join('') || response.body.slice(0, 300))
    return [`${name}: ${response.status} ${how}, ${data.length} events`, text]
  })
  expect(Object.fromEntries(said)).toMatchInlineSnapshot(`
    {
      "bad-chunk.http: 200 malformed-response: no chunk size: "zzÿ\\u0000\\u001b[2Jd2", 2 events": ""The"",
      "caikit-error.http: 200 complete, 3 events": ""The"",
      "caikit-tgis.http: 200 complete, 6 events": ""The ferry is été late."",
      "closed-early.http: 200 closed-early: the server closed the connection before the last chunk of the body, 2 events": ""half"",
      "llama-cpp-python-broken-off.http: 200 complete, 0 events": """",
      "llama-cpp-python-chat-stop.http: 200 complete, 8 events": ""Return the Python code."",
      "llama-cpp-python-chat.http: 200 complete, 15 events": ""def __init__(self, name, mode=None,"",
      "llama-cpp-python-completion.http: 200 complete, 14 events": "" The\\nthat is the module's module.  The"",
      "llama-server-chat-timings.http: 200 complete, 12 events": ""def __init__(self, master="",
      "llama-server-chat.http: 200 complete, 15 events": ""Fünf Boote, ein Steg 🛶 \\\\o/\\t\\"gut\\"\\n"",
      "llama-server-completion-stop.http: 200 complete, 9 events": ""ulation of the Python code."",
      "llama-server-completion.http: 200 complete, 13 events": ""ulation of the Python code.\\n\\nThe sample"",
      "lm-studio-completions.http: 200 complete, 11 events": "" gulls over the mole, two on the rail."",
      "ollama-chat-thinking.http: 200 complete, 7 events": ""Hm, tidesTwice a day."",
      "ollama-error-after-200.http: 200 complete, 3 events": ""The tide"",
      "ollama-generate.http: 200 complete, 10 events": ""The harbour lies still, été 🛶 and grey."",
      "prompt-logprobs-vllm.http: 200 complete, 0 events": ""{\\"id\\":\\"cmpl-a878503bba611cf1\\",\\"object\\":\\"text_completion\\",\\"created\\":1795378067,\\"model\\":\\"demo\\",\\"choices\\":[{\\"index\\":0,\\"text\\":\\"ist\\",\\"logprobs\\":null,\\"finish_reason\\":\\"length\\",\\"stop_reason\\":null,\\"token_ids\\":null,\\"prompt_logprobs\\":[null,{\\"719\\":{\\"logprob\\":-3.370823860168457,\\"rank\\":5,\\"decoded_token\\":\\"import\\"}"",
      "proxy-crlf-until-close.http: 200 complete, 5 events": ""Ebbe und Flut…"",
      "rate-limited.http: 429 complete, 0 events": ""{\\"error\\":{\\"message\\":\\"Rate limit reached: 30 requests per minute.\\",\\"type\\":\\"rate_limit_error\\",\\"code\\":\\"rate_limited\\"}}"",
      "tgi-error-in-stream.http: 200 complete, 3 events": ""Ropes and"",
      "tgi-generate-stream.http: 200 complete, 7 events": ""Ropes and été gulls.</s>"",
      "tgi-no-done.http: 200 complete, 7 events": ""Salt and tar, rope and rain"",
      "transformers-serve-chat-stop.http: 200 complete, 7 events": ""Return the Python code."",
      "transformers-serve-chat.http: 200 complete, 14 events": ""def __init__(self, name, mode=None,"",
      "transformers-serve-completion.http: 200 complete, 13 events": "" The\\nthat is the module's module.  The"",
      "transformers-serve-other-model.http: 400 complete, 0 events": ""{\\"detail\\":\\"Server is pinned to '/srv/demo'; requested 'other'.\\"}"",
      "vllm-chat-counts.http: 200 complete, 15 events": ""def __init__(self, name, mode=None,"",
      "vllm-chat-stop.http: 200 complete, 9 events": ""Return the Python code."",
      "vllm-chat.http: 200 complete, 18 events": ""The ferry leaves at nine, and the last one back at dusk."",
      "vllm-completion.http: 200 complete, 14 events": "" The\\nthat is the module's module.  The"",
      "vllm-empty.http: 200 complete, 3 events": """",
      "vllm-error-after-200.http: 200 complete, 5 events": ""The tide"",
      "vllm-reasoning-unicode.http: 200 complete, 29 events": ""Gruß für ☃ und 雪だるま: kurz.Guten Tag, ☃! 👩‍🚀🇩🇪 雪は好き？\\n\\n„Ja“ — naïve café"",
      "vllm-too-long.http: 400 complete, 0 events": ""{\\"error\\":{\\"message\\":\\"This model's maximum context length is 1024 tokens. However, your prompt contains at least 1025 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=1025)\\",\\"type\\":\\"BadRequestError\\",\\"pa"",
    }
  `)
})

test('a last event without its empty line counts, and is told', () => {
  const bytes = bytesOf('proxy-crlf-until-close.http')
  const { response, data } = replay(recorded(bytes, [bytes.length]))
  expect([response.unended, data.at(-1)]).toEqual([true, '[DONE]'])
})

test('a recording without an end broke off', () => {
  const bytes = bytesOf('vllm-chat.http').subarray(0, 700)
  const stream = { deltasUs: [5], lengths: [700], bytes: deflateRawSync(bytes).toString('base64') }
  expect(replay(stream).response.end).toMatchObject({ status: 'failed', reason: 'connection-reset' })
})

test('a recording that contradicts itself is refused', () => {
  const stream = { ...recorded(Buffer.from('abc'), [3]), lengths: [2, 0], deltasUs: [1, 1] }
  expect(() => replay(stream)).toThrow()
})

test.each(files)('%s, kept from a socket, replays as it was seen', async (name) => {
  const bytes = bytesOf(name)
  const random = randomSequence(7)
  await using server = await scriptedServer(async (one) => {
    await one.request()
    let at = 0
    for (const length of lengthsOf(bytes.length, () => Math.ceil(random() * 200))) {
      await one.write(bytes.subarray(at, at + length))
      at += length
    }
    one.socket.end()
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  const live: { data: string; at: number; read: number }[] = []
  const result: StreamResult = await pool.stream(
    0,
    { path: '/', headers: {}, body: '' },
    {
      signal: new AbortController().signal,
      onEvent: (data, at, read) => live.push({ data, at, read }),
      keepStream: true,
    },
  )
  const { sentAt, doneAt: _done, connectNs: _connect, stream, ...response } = result
  if (!stream) throw new Error('no stream was kept')
  const again = replay(stream)
  expect(again.response).toEqual(response)
  expect(again.events).toEqual(
    live.map(({ data, at, read }) => ({ data, atUs: Math.round((at - sentAt) / 1000), read })),
  )
})
