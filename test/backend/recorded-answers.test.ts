import { readdirSync, readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readAgain } from '../../lib/backend/read-again.ts'
import { protocolOf } from '../../lib/backend/protocols.ts'
import type { ServerConfig } from '../../lib/domain/backend-config.ts'

const folder = new URL('../../data/streams/', import.meta.url)

/** By what a file's name begins with: whose protocol, and of which kind of workload. */
const recorded: readonly [string, ServerConfig['kind']][] = [
  ['ollama-', 'ollama'],
  ['llama-server-completion', 'llama-server'],
  ['tgi-generate', 'tgi'],
  ['tgi-error', 'tgi'],
  ['caikit-', 'caikit-http'],
]
const files = readdirSync(folder).flatMap((name) =>
  recorded
    .filter(([prefix]) => name.startsWith(prefix) && name.endsWith('.http'))
    .map(([, kind]) => [name, kind] as const),
)

function read(name: string, kind: ServerConfig['kind'], cuts: readonly number[]) {
  const bytes = readFileSync(new URL(name, folder))
  const lengths = [...cuts, bytes.length].map((end, i) => end - (cuts[i - 1] ?? 0))
  const all = [...lengths, 0]
  const stream = { deltasUs: all.map(() => 1000), lengths: all, bytes: deflateRawSync(bytes).toString('base64') }
  const { told, outcome } = readAgain(stream, 16, protocolOf(kind, 'completion'))
  const { deltasUs: _, reads: __, ...events } = told.events ?? { deltasUs: [] }
  const { firstChunkUs: ___, emptyChunksUs: empty = [], ...rest } = told
  return { ...rest, events: { ...events, count: told.events?.deltasUs.length }, empty: empty.length, outcome }
}

test.each(files)('%s is the same answer wherever its reads end', (name, kind) => {
  const { length } = readFileSync(new URL(name, folder))
  const whole = read(name, kind, [])
  for (let at = 1; at < length; at += 1) expect([at, read(name, kind, [at])]).toEqual([at, whole])
})

test('what each answer comes to', () => {
  const said = Object.fromEntries(files.map(([name, kind]) => [name, read(name, kind, [])]))
  expect(said).toMatchInlineSnapshot(`
    {
      "caikit-error.http": {
        "empty": 1,
        "events": {
          "count": 1,
        },
        "outcome": {
          "detail": "the server said: Unhandled exception: connection lost",
          "reason": "error-in-stream",
          "status": "failed",
        },
        "output": "The",
        "promptTokens": 11,
      },
      "caikit-tgis.http": {
        "empty": 1,
        "events": {
          "count": 5,
          "tokens": [
            1,
            2,
            1,
            1,
            1,
          ],
        },
        "outcome": {
          "finish": "length",
          "status": "ok",
        },
        "output": "The ferry is été late.",
        "outputTokens": 6,
        "promptTokens": 11,
        "tokensFrom": "usage",
      },
      "llama-server-completion-stop.http": {
        "cachedTokens": 3,
        "empty": 1,
        "engine": {
          "decodeMs": 2.539,
          "decodeTokens": 7,
          "promptMs": 0.634,
          "promptTokens": 1,
        },
        "events": {
          "count": 7,
        },
        "outcome": {
          "finish": "stop",
          "status": "ok",
        },
        "output": "ulation of the Python code.",
        "outputTokens": 7,
        "promptTokens": 4,
        "tokensFrom": "usage",
      },
      "llama-server-completion.http": {
        "cachedTokens": 0,
        "empty": 0,
        "engine": {
          "decodeMs": 4.473,
          "decodeTokens": 11,
          "promptMs": 1.793,
          "promptTokens": 4,
        },
        "events": {
          "count": 12,
        },
        "outcome": {
          "finish": "length",
          "status": "ok",
        },
        "output": "ulation of the Python code.

    The sample",
        "outputTokens": 12,
        "promptTokens": 4,
        "tokensFrom": "usage",
      },
      "ollama-chat-thinking.http": {
        "empty": 0,
        "engine": {
          "decodeMs": 81.234567,
          "decodeTokens": 6,
          "totalMs": 92.345678,
        },
        "events": {
          "channels": [
            "reasoning",
            "reasoning",
            "text",
            "text",
            "text",
            "text",
          ],
          "count": 6,
        },
        "outcome": {
          "finish": "length",
          "status": "ok",
        },
        "output": "Hm, tidesTwice a day.",
        "outputTokens": 6,
        "promptTokens": 9,
        "tokensFrom": "usage",
      },
      "ollama-error-after-200.http": {
        "empty": 0,
        "events": {
          "characters": [
            3,
            5,
          ],
          "count": 2,
        },
        "outcome": {
          "detail": "the server said: an error was encountered while running the model: unexpected EOF",
          "reason": "error-in-stream",
          "status": "failed",
        },
        "output": "The tide",
      },
      "ollama-generate.http": {
        "empty": 0,
        "engine": {
          "decodeMs": 141.234567,
          "decodeTokens": 10,
          "loadMs": 201.234567,
          "promptMs": 61.234567,
          "totalMs": 412.345678,
        },
        "events": {
          "count": 9,
        },
        "outcome": {
          "finish": "stop",
          "status": "ok",
        },
        "output": "The harbour lies still, été 🛶 and grey.",
        "outputTokens": 9,
        "promptTokens": 12,
        "tokensFrom": "usage",
      },
      "tgi-error-in-stream.http": {
        "empty": 0,
        "events": {
          "count": 2,
        },
        "outcome": {
          "detail": "the server said: Request failed during generation: Server error: CANCELLED",
          "reason": "error-in-stream",
          "status": "failed",
        },
        "output": "Ropes and",
      },
      "tgi-generate-stream.http": {
        "empty": 1,
        "events": {
          "count": 5,
          "tokens": [
            1,
            1,
            2,
            1,
            1,
          ],
        },
        "outcome": {
          "finish": "stop",
          "status": "ok",
        },
        "output": "Ropes and été gulls.",
        "outputTokens": 6,
        "promptTokens": 9,
        "tokensFrom": "usage",
      },
    }
  `)
})
