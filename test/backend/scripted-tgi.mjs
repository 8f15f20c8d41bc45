#!/usr/bin/env node
// A stand-in for `text-generation-launcher`, which cannot run here: takes the options that its source names (3.3.7) and no others, prints
// what it prints, has a shard and a web server in process groups of their own, and speaks its protocol through the emulated server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '../../lib/emulator/start-emulator.ts'
import { evenly } from '../emulator/emulation.ts'

const valued =
  'model-id revision validation-workers sharded num-shard quantize speculate dtype kv-cache-dtype max-concurrent-requests max-best-of max-stop-sequences max-top-n-tokens max-input-tokens max-total-tokens waiting-served-ratio max-batch-prefill-tokens max-batch-total-tokens max-waiting-tokens max-batch-size cuda-graphs hostname port prometheus-port shard-uds-path master-addr master-port huggingface-hub-cache cuda-memory-fraction rope-scaling rope-factor cors-allow-origin api-key tokenizer-config-path max-client-batch-size lora-adapters usage-stats payload-limit graceful-termination-timeout'.split(
    ' ',
  )
const alone = ['trust-remote-code', 'disable-custom-kernels', 'json-output', 'disable-grammar-support', 'env']
const [part, ...more] = process.argv.slice(2)
const own = fileURLToPath(import.meta.url)
const info = (text) =>
  process.stdout.write(`\u001b[2m2026-01-01T00:00:00.000000Z\u001b[0m \u001b[32m INFO\u001b[0m ${text}\n`)

if (part === 'shard') setInterval(() => {}, 1000)
else if (part === 'router') await route(JSON.parse(more[0]))
else launch(optionsIn([part, ...more]))

function variable(name) {
  return process.env[name.toUpperCase().replaceAll('-', '_')]
}

function refuse(why) {
  process.stderr.write(`error: ${why}\n\nFor more information, try '--help'.\n`)
  process.exit(2)
}

/** As clap reads them; what is not given may be in the environment. */
function optionsIn(words) {
  const given = {}
  for (let i = 0; i < words.length; i += 1) {
    const name = words[i].startsWith('--') ? words[i].slice(2) : undefined
    if (alone.includes(name)) given[name] = true
    else if (!valued.includes(name)) refuse(`unexpected argument '${words[i]}' found`)
    else if (words[i + 1] === undefined || words[i + 1].startsWith('--'))
      refuse(`a value is required for '${words[i]} <${name.toUpperCase().replaceAll('-', '_')}>' but none was supplied`)
    else given[name] = words[(i += 1)]
  }
  return Object.fromEntries([...valued, ...alone].map((name) => [name, given[name] ?? variable(name)]))
}

function launch(options) {
  const shown = Object.entries(options).map(([name, value]) => {
    const plain = ['model-id', 'hostname', 'port', 'prometheus-port', 'shard-uds-path', 'usage-stats'].includes(name)
    const written = value === undefined ? 'None' : plain ? JSON.stringify(value) : `Some(\n        ${value},\n    )`
    return `    ${name.replaceAll('-', '_')}: ${written},`
  })
  info(`text_generation_launcher: Args {\n${shown.join('\n')}\n}`)
  info('text_generation_launcher: Using attention paged - Prefix caching 0')
  const shards = options.sharded === 'false' ? 1 : Number(options['num-shard'] ?? 1)
  if (shards > 1) info(`text_generation_launcher: Sharding model on ${shards} processes`)
  info('text_generation_launcher: Using default cuda graphs [1, 2, 4, 8, 16, 32]')
  const stdio = ['ignore', 'inherit', 'inherit']
  const children = []
  for (let rank = 0; rank < shards; rank += 1) {
    children.push(spawn(process.execPath, [own, 'shard', String(rank)], { stdio, detached: true }))
    writeFileSync(`${options['shard-uds-path'] ?? '/tmp/text-generation-server'}-${rank}`, '')
  }
  info('text_generation_launcher: Starting Webserver')
  children.push(spawn(process.execPath, [own, 'router', JSON.stringify(options)], { stdio, detached: true }))
  process.on('SIGTERM', () => {}) // it waits for them, up to 90 s
  void Promise.all(children.map((child) => once(child, 'exit'))).then(() => process.exit(0))
}

async function route(options) {
  const model = options['model-id']
  const emulation = { ...evenly, firstTokenMs: 5, tokenMs: 1 }
  const { url } = await startEmulator(emulation, { models: [model] })
  // Any port for its metrics would do, but one that is taken ends it.
  const metrics = createServer().listen(Number(options['prometheus-port'] ?? 9000), options.hostname)
  metrics.on('error', ({ code }) => {
    process.stderr.write(`failed to build prometheus recorder: FailedToCreateHTTPListener("${code}")\n`)
    process.exit(101)
  })
  info('text_generation_router_v3: backends/v3/src/lib.rs:137: Setting max batch total tokens to 88160')
  info('text_generation_router_v3: backends/v3/src/lib.rs:166: Using backend V3')
  const about = {
    model_id: model,
    model_sha: null,
    model_pipeline_tag: null,
    max_concurrent_requests: 128,
    max_best_of: 2,
    max_stop_sequences: 4,
    max_input_tokens: Number(options['max-total-tokens'] ?? 4096) - 1,
    max_total_tokens: Number(options['max-total-tokens'] ?? 4096),
    validation_workers: 2,
    max_client_batch_size: 4,
    router: 'text-generation-router',
    version: '3.3.7',
    sha: 'abc',
    docker_label: null,
  }
  createServer((asked, response) => {
    if (asked.url === '/health') return response.end()
    if (asked.url === '/info') {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify(about))
    }
    const { method, headers } = asked
    const passed = request(new URL(asked.url, url), { method, headers }, (from) => {
      response.writeHead(from.statusCode, from.headers)
      from.pipe(response)
    })
    asked.pipe(passed)
  }).listen(Number(options.port), options.hostname)
}
