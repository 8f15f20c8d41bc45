import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { EngineServerConfig, ServerLaunch } from '../../lib/domain/backend-config.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { engineMark, killMarked, launchMark, markedProcesses } from '../../lib/shell/marked-processes.ts'
import { keptFacts } from '../../lib/worker/kept-facts.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { preflight } from '../../lib/worker/preflight.ts'
import { send } from './wire-engine.ts'
import { chatOf, completionOf, openAiLaunch, trialOf } from './wire-launch.ts'

const program = fileURLToPath(new URL('scripted-tgi.mjs', import.meta.url))
let folder = ''
const mark = launchMark('test-tgi')
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'benchbook-engine-'))))
afterEach(() => {
  killMarked(engineMark(mark))
  rmSync(folder, { recursive: true, force: true })
})

const left = () => markedProcesses(engineMark(mark))
const log = () => readFileSync(join(folder, 'engine.log'), 'utf8')
const specOf = (launch: Partial<ServerLaunch>): LaunchSpec<EngineServerConfig> => ({
  ...openAiLaunch(''),
  backend: { name: 'tgi', kind: 'tgi', launch: { args: {}, env: {}, ...launch }, clientProcesses: 1, salt: false },
  programs: { tgi: program },
  model: 'mine',
  source: { kind: 'path', path: 'mine' },
  artifact: { digest: 'd', path: '/models/mine' },
  trials: [trialOf(completionOf())],
})
const start = (launch: Partial<ServerLaunch>) =>
  engineServer.start(specOf(launch), {
    now,
    origin: now(),
    log: () => {},
    engineLog: join(folder, 'engine.log'),
    mark,
  })

test('a launcher is started with options as it takes them, and says what it computes with', async () => {
  const args = { 'max-total-tokens': 2048, 'num-shard': 2, sharded: true, quantize: 'awq', 'cuda-graphs': [1, 2] }
  await using engine = await start({ args, env: { MAX_BATCH_SIZE: '8' } })
  const { engine: kept, conditions } = keptFacts(engine.facts, specOf({ args }))
  expect(kept).toMatchInlineSnapshot(`
    {
      "artifact": {
        "digest": "d",
      },
      "contextSize": 2048,
      "name": "TGI",
      "server": {
        "command": "scripted-tgi.mjs --model-id mine --hostname 127.0.0.1 --port PORT --max-total-tokens 2048 --num-shard 2 --sharded true --quantize awq --cuda-graphs 1,2",
        "model": "mine",
        "place": "this-machine",
        "says": {
          "max_concurrent_requests": 128,
          "max_input_tokens": 2047,
          "max_total_tokens": 2048,
          "sha": "abc",
          "version": "3.3.7",
        },
        "settings": {
          "attention": "paged",
          "backend": "V3",
          "cuda_graphs": "1, 2, 4, 8, 16, 32",
          "max_best_of": 2,
          "max_client_batch_size": 4,
          "max_concurrent_requests": 128,
          "max_input_tokens": 2047,
          "max_stop_sequences": 4,
          "max_total_tokens": 2048,
          "prefix_caching": 0,
          "quantize": "awq",
          "router": "text-generation-router",
          "sha": "abc",
          "shards": 2,
          "validation_workers": 2,
        },
        "url": "http://127.0.0.1",
      },
      "version": "3.3.7",
    }
  `)
  expect(conditions).toEqual({ engine: { max_batch_total_tokens: 88_160 } })
  const printed = log()
  expect(printed).toContain('prometheus_port: "0"')
  expect(printed).toContain('usage_stats: "off"')
  expect(printed).toMatch(/shard_uds_path: ".*benchbook-tgi-\d+"/)
  expect(printed).toMatch(/max_batch_size: Some\(\s*8,/)
})

test('its answers are read in its own protocol, and it ends with its shards and their sockets', async () => {
  const engine = await start({})
  await preflight(specOf({}), engine, { now, signal: new AbortController().signal })
  for (const workload of [completionOf(), chatOf()]) {
    const trial = trialOf(workload)
    await engine.prepare(trial)
    const { outcome, outputTokens } = await send(engine, trial)
    expect({ outcome, outputTokens }).toEqual({ outcome: { status: 'ok', finish: 'length' }, outputTokens: 16 })
  }
  const port = new URL(engine.facts.server?.url ?? '').port
  const sockets = () => globSync(`benchbook-tgi-${port}-*`, { cwd: tmpdir() })
  expect(sockets()).toHaveLength(1)
  // The launcher, its shard, its web server and the emulated one.
  expect(left().length).toBeGreaterThanOrEqual(4)
  await engine[Symbol.asyncDispose]()
  expect(left()).toEqual([])
  expect(sockets()).toEqual([])
})

test('an option that it does not have is told in its own words, and nothing is left', async () => {
  await expect(start({ args: { 'max-model-len': 2048 } })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EngineFailure: tgi ended with code 2 before it was ready; its log ends with: error: unexpected argument '--max-model-len' found | For more information, try '--help'.]`,
  )
  expect(left()).toEqual([])
})
