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
  ['vllm-', 'vllm'],
  ['transformers-serve-', 'transformers-serve'],
  ['llama-cpp-python-', 'llama-cpp-python'],
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
  const said = files.map(([name, kind]) => [name, JSON.stringify(read(name, kind, []))] as const)
  expect(said.map(([name, line]) => `${name}: ${line}`).join('\n')).toMatchInlineSnapshot(`
    "caikit-error.http: {"promptTokens":11,"events":{"count":1},"output":"The","empty":1,"outcome":{"status":"failed","reason":"error-in-stream","detail":"the server said: Unhandled exception: connection lost"}}
    caikit-tgis.http: {"promptTokens":11,"outputTokens":6,"tokensFrom":"usage","events":{"tokens":[1,2,1,1,1],"count":5},"output":"The ferry is été late.","empty":1,"outcome":{"status":"ok","finish":"length"}}
    llama-cpp-python-broken-off.http: {"events":{},"empty":0,"outcome":{"status":"failed","reason":"closed-early","detail":"the stream ended after 0 content events, without a finish_reason: llama_cpp.server leaves it out where another request interrupted this one (start it with --interrupt_requests False), and where it failed, as it does at a prompt longer than its context"}}
    llama-cpp-python-chat-stop.http: {"events":{"characters":[6,4,7,5,1],"count":5},"output":"Return the Python code.","empty":2,"outcome":{"status":"ok","finish":"stop"}}
    llama-cpp-python-chat.http: {"events":{"characters":[3,3,4,3,4,1,5,1,5,1,4,1],"count":12},"output":"def __init__(self, name, mode=None,","empty":2,"outcome":{"status":"ok","finish":"length"}}
    llama-cpp-python-completion.http: {"events":{"characters":[4,1,2,2,3,4,7,2,7,1,1,4],"count":12},"output":" The\\nthat is the module's module.  The","empty":1,"outcome":{"status":"ok","finish":"length"}}
    llama-server-completion-stop.http: {"promptTokens":4,"cachedTokens":3,"outputTokens":7,"tokensFrom":"usage","events":{"count":7},"output":"ulation of the Python code.","engine":{"promptTokens":1,"promptMs":0.634,"decodeTokens":7,"decodeMs":2.539},"empty":1,"outcome":{"status":"ok","finish":"stop"}}
    llama-server-completion.http: {"promptTokens":4,"cachedTokens":0,"outputTokens":12,"tokensFrom":"usage","events":{"count":12},"output":"ulation of the Python code.\\n\\nThe sample","engine":{"promptTokens":4,"promptMs":1.793,"decodeTokens":11,"decodeMs":4.473},"empty":0,"outcome":{"status":"ok","finish":"length"}}
    ollama-chat-thinking.http: {"promptTokens":9,"outputTokens":6,"tokensFrom":"usage","events":{"channels":["reasoning","reasoning","text","text","text","text"],"count":6},"output":"Hm, tidesTwice a day.","engine":{"decodeTokens":6,"decodeMs":81.234567,"totalMs":92.345678},"empty":0,"outcome":{"status":"ok","finish":"length"}}
    ollama-error-after-200.http: {"events":{"characters":[3,5],"count":2},"output":"The tide","empty":0,"outcome":{"status":"failed","reason":"error-in-stream","detail":"the server said: an error was encountered while running the model: unexpected EOF"}}
    ollama-generate.http: {"promptTokens":12,"outputTokens":9,"tokensFrom":"usage","events":{"count":9},"output":"The harbour lies still, été 🛶 and grey.","engine":{"loadMs":201.234567,"promptMs":61.234567,"decodeTokens":10,"decodeMs":141.234567,"totalMs":412.345678},"empty":0,"outcome":{"status":"ok","finish":"stop"}}
    tgi-error-in-stream.http: {"events":{"count":2},"output":"Ropes and","empty":0,"outcome":{"status":"failed","reason":"error-in-stream","detail":"the server said: Request failed during generation: Server error: CANCELLED"}}
    tgi-generate-stream.http: {"promptTokens":9,"outputTokens":6,"tokensFrom":"usage","events":{"tokens":[1,1,2,1,1],"count":5},"output":"Ropes and été gulls.","empty":1,"outcome":{"status":"ok","finish":"stop"}}
    transformers-serve-chat-stop.http: {"promptTokens":6,"outputTokens":5,"tokensFrom":"usage","events":{"count":5},"output":"Return the Python code.","empty":2,"outcome":{"status":"ok","finish":"stop"}}
    transformers-serve-chat.http: {"promptTokens":16,"outputTokens":12,"tokensFrom":"usage","events":{"count":12},"output":"def __init__(self, name, mode=None,","empty":2,"outcome":{"status":"ok","finish":"length"}}
    transformers-serve-completion.http: {"promptTokens":13,"outputTokens":12,"tokensFrom":"usage","events":{"count":12},"output":" The\\nthat is the module's module.  The","empty":1,"outcome":{"status":"ok","finish":"length"}}
    transformers-serve-other-model.http: {"events":{},"empty":0,"outcome":{"status":"failed","reason":"request-refused","detail":"400 Bad Request: Server is pinned to '/srv/demo'; requested 'other'."}}
    vllm-chat-counts.http: {"promptTokens":16,"outputTokens":12,"tokensFrom":"usage","events":{"count":12},"output":"def __init__(self, name, mode=None,","empty":1,"outcome":{"status":"ok","finish":"length"}}
    vllm-chat-stop.http: {"promptTokens":6,"outputTokens":5,"tokensFrom":"usage","events":{"count":5},"output":"Return the Python code.","empty":2,"outcome":{"status":"ok","finish":"stop"}}
    vllm-chat.http: {"promptTokens":21,"cachedTokens":16,"outputTokens":14,"tokensFrom":"usage","events":{"count":14},"output":"The ferry leaves at nine, and the last one back at dusk.","empty":2,"outcome":{"status":"ok","finish":"stop"}}
    vllm-completion.http: {"promptTokens":13,"outputTokens":12,"tokensFrom":"usage","events":{"count":12},"output":" The\\nthat is the module's module.  The","empty":0,"outcome":{"status":"ok","finish":"length"}}
    vllm-empty.http: {"promptTokens":13,"outputTokens":0,"tokensFrom":"usage","events":{},"empty":1,"outcome":{"status":"ok","finish":"stop"}}
    vllm-error-after-200.http: {"events":{"characters":[3,5],"count":2},"output":"The tide","empty":1,"outcome":{"status":"failed","reason":"error-in-stream","detail":"the server said: EngineCore encountered an issue. See stack trace (above) for the root cause."}}
    vllm-reasoning-unicode.http: {"events":{"characters":[4,4,2,4,2,3,2,4,1,5,4,2,1,1,6,4,3,2,1,2,1,2,1,3,5,5],"channels":["reasoning","reasoning","reasoning","reasoning","reasoning","reasoning","reasoning","reasoning","reasoning","text","text","text","text","text","text","text","text","text","text","text","text","text","text","text","text","text"],"count":26},"output":"Gruß für ☃ und 雪だるま: kurz.Guten Tag, ☃! 👩‍🚀🇩🇪 雪は好き？\\n\\n„Ja“ — naïve café","empty":2,"outcome":{"status":"ok","finish":"length"}}
    vllm-too-long.http: {"events":{},"empty":0,"outcome":{"status":"failed","reason":"request-refused","detail":"400 Bad Request: This model's maximum context length is 1024 tokens. However, your prompt contains at least 1025 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=1025)"}}"
  `)
})
