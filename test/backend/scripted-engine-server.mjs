#!/usr/bin/env node
// A program that behaves as MODE says in its environment, and is started in place of an engine's server (llama-server, ollama).
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const own = fileURLToPath(import.meta.url)
const args = process.argv.slice(2)
const valueOf = (name) => args[args.indexOf(name) + 1]
let mode = process.env.MODE ?? 'well'
const port = Number(process.env.OLLAMA_HOST?.split(':')[1] ?? valueOf('--port'))
const model = process.env.OLLAMA_HOST ? '' : valueOf('--alias')

if (mode === 'dies-once') {
  mode = existsSync(process.env.FLAG) ? 'well' : 'dies'
  writeFileSync(process.env.FLAG, '')
}
if (mode === 'tells-and-serves') process.stderr.write(`token ${process.env.TOKEN}\n`)
if (mode === 'fails') {
  process.stderr.write('loading\nerror: unknown argument: --wrong \u001b[31mred\u0007\n')
  process.exit(1)
}
if (mode === 'floods-and-fails') {
  writeSync(1, `first\n${'x'.repeat(20_000_000)}\n`)
  writeSync(2, 'error: at last\n')
  process.exit(1)
}
if (mode === 'in-use') {
  process.stderr.write('bind: Address already in use\n')
  process.exit(1)
}
if (mode === 'fails-within') {
  const prefix = '(Worker pid=2) ERROR 11-22 05:47:39 [multiproc_executor.py:953]'
  process.stderr.write(`${prefix} ValueError: Available memory (18.5 GiB) is less than desired (18.6 GiB)\n`)
  process.stderr.write('  File "main.py", line 1\n'.repeat(1000))
  process.stderr.write('RuntimeError: Engine core initialization failed. See root cause above.\n')
  process.exit(1)
}
if (mode === 'tells-secret') {
  process.stderr.write(`token ${process.env.TOKEN}\n`)
  process.exit(1)
}
if (mode === 'forks' || mode === 'forks-away') {
  // The first of them ends, its child goes on.
  const env = { ...process.env, MODE: 'well' }
  spawn(process.execPath, [own, ...args], { env, stdio: 'inherit', detached: mode === 'forks-away' }).unref()
  process.exit(0)
}
if (mode === 'ignores-sigterm' || mode === 'holds-port') process.on('SIGTERM', () => {})
if (mode === 'holds-port') {
  const env = { ...process.env, MODE: 'ignores-sigterm' }
  spawn(process.execPath, [own, ...args], { env, stdio: 'inherit', detached: true })
  setInterval(() => {}, 1000)
} else if (mode === 'no-http') {
  createTcpServer((socket) => socket.on('error', () => {}).on('data', () => socket.end('what?\r\n\r\n'))).listen(
    port,
    '127.0.0.1',
  )
} else if (mode !== 'slow') serve()
else setInterval(() => {}, 1000)

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function serve() {
  let asked = 0
  let models = 0
  createServer((request, response) => {
    if (mode === 'floods') for (let i = 0; i < 100; i += 1) process.stdout.write(`${'x'.repeat(1000)}\n`)
    if (request.url === '/health' || request.url === '/api/version')
      return json(response, { status: 'ok', version: '0.9' })
    if (request.url === '/props' && mode === 'hostile') {
      const text = `b7 \u001b]0;title\u0007 ${process.env.TOKEN} ${'x'.repeat(100_000)}`
      return json(response, { build_info: text, model_ftype: text })
    }
    if (request.url === '/props')
      return json(response, { build_info: 'b7', total_slots: 4, default_generation_settings: { n_ctx: 512 } })
    if (request.url === '/v1/models') {
      if (mode === 'nonsense') return response.end('<html>hello</html>')
      models += 1
      const data = mode === 'early' && models < 3 ? [] : [{ id: model, object: 'model', owned_by: 'tests' }]
      return json(response, { object: 'list', data })
    }
    if (request.url === '/v1/chat/completions') {
      asked += 1
      if (mode === 'dies' && asked > 3) process.kill(process.pid, 'SIGKILL')
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of ['Hello', ' there'])
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
      if (mode === 'dies-between' && asked > 3) process.exit(7)
      const usage = { prompt_tokens: 3, completion_tokens: 2 }
      response.write(
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }], usage })}\n\n`,
      )
      return response.end('data: [DONE]\n\n')
    }
    json(response, { error: { message: `nothing at ${request.url}` } }, 404)
  }).listen(port, '127.0.0.1')
  process.stdout.write('main: n_threads = 2\nlistening\n')
}
