#!/usr/bin/env node
// Does what the documentation of Ollama says of `ollama serve` and `ollama create`: a stand-in, as the real one cannot run here.
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'

const [command, name] = process.argv.slice(2)
const [host, port] = (process.env.OLLAMA_HOST ?? '').split(':')
if (command === 'create') {
  const file = readFileSync(process.argv[process.argv.indexOf('-f') + 1], 'utf8')
  const path = `/api/created?name=${encodeURIComponent(name)}&from=${encodeURIComponent(file.trim())}`
  request({ host, port, path, method: 'POST' }, (response) => response.resume()).end()
} else serve()

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function serve() {
  const models = new Set(['llama3.2:1b'])
  const loaded = new Set()
  const told = []
  process.stderr.write(
    'time=2026-01-01 level=INFO source=routes.go:1 msg="server config" env="map[OLLAMA_CONTEXT_LENGTH:4096 OLLAMA_FLASH_ATTENTION:false OLLAMA_KV_CACHE_TYPE: OLLAMA_KEEP_ALIVE:5m0s OLLAMA_NUM_PARALLEL:1]"\n',
  )
  createServer((asked, response) => {
    let text = ''
    asked.on('data', (part) => (text += part))
    asked.on('end', () => {
      const { pathname, searchParams } = new URL(asked.url, 'http://x')
      const body = text === '' ? {} : JSON.parse(text)
      const model = body.model
      if (pathname !== '/api/ps') process.stderr.write(`${asked.method} ${pathname} ${text}\n`)
      if (pathname === '/api/version') return json(response, { version: '0.12.3' })
      if (pathname === '/api/tags')
        return json(response, { models: [...models].map((each) => ({ name: each, model: each })) })
      if (pathname === '/api/created') {
        models.add(searchParams.get('name'))
        told.push(searchParams.get('from'))
        process.stderr.write(`created ${searchParams.get('name')} ${searchParams.get('from')}\n`)
        return json(response, { status: 'success' })
      }
      if (pathname === '/api/ps') {
        const running = [...loaded].map((each) => ({
          name: each,
          model: each,
          size: 7,
          size_vram: 0,
          context_length: 4096,
        }))
        return json(response, { models: running })
      }
      if (!models.has(model)) return json(response, { error: `model '${model}' not found` }, 404)
      if (pathname === '/api/show') return json(response, { details: { quantization_level: 'Q8_0', family: 'llama' } })
      if (pathname === '/api/delete') return json(response, models.delete(model))
      if (body.keep_alive === 0) loaded.delete(model)
      else loaded.add(model)
      json(response, { model, response: '', done: true, done_reason: body.keep_alive === 0 ? 'unload' : 'load' })
    })
  }).listen(Number(port), host)
}
