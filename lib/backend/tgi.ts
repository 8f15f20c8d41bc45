import { globSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldsAt } from './ask-server.ts'
import { foundInLog, valueOf } from './found-in-log.ts'
import { withValues } from './launch-arguments.ts'
import type { Recipe, Settings } from './recipe.ts'

const told = [
  'model_dtype',
  'model_device_type',
  'max_concurrent_requests',
  'max_best_of',
  'max_stop_sequences',
  'max_input_tokens',
  'max_total_tokens',
  'max_client_batch_size',
  'waiting_served_ratio',
  'max_waiting_tokens',
  'max_batch_size',
  'validation_workers',
  'router',
  'sha',
]
const optional = (name: string) => new RegExp(`\\b${name}: Some\\(\\s*(\\w+)`)
/** The launcher prints its options as Rust has them, `None` where one was not given, and then what it makes of them. */
const printed = {
  attention: /Using attention (\w+)/i,
  prefix_caching: /prefix caching (?:=|-)?\s*(\w+)/i,
  quantize: optional('quantize'),
  dtype: optional('dtype'),
  kv_cache_dtype: optional('kv_cache_dtype'),
  speculate: optional('speculate'),
  shards: /Sharding model on (\d+) processes/,
  cuda_graphs: /Using default cuda graphs \[([\d, ]*)\]/,
  backend: /Using backend (\w+)/,
}
/** What depends on the memory that was free. */
const measured = { max_batch_total_tokens: /Setting max batch total tokens to (\d+)/ }

/** Where its shards listen: those of another launcher would be taken away by the path that it has by itself. */
const socketsOf = (port: number) => `benchbook-tgi-${port}`

/**
 * `text-generation-launcher`, written after its source of version 3.3: it listens when its shards are there, `/info` and its log say
 * what it computes with. Its one model has its path as a name.
 */
export const tgi: Recipe = {
  options: { no: 'omit', list: 'comma', valued: ['sharded'] },
  argv: ({ program, artifact, port, args }) => [
    program,
    ...withValues({ '--model-id': artifact.path, '--hostname': '127.0.0.1', '--port': port }),
    ...args,
  ],
  // Variables, since an older one does not know each as an option. Its metrics are on its port too: theirs may be any.
  env: ({ port }) => ({
    HF_HUB_OFFLINE: '1',
    USAGE_STATS: 'off',
    PROMETHEUS_PORT: '0',
    SHARD_UDS_PATH: join(tmpdir(), socketsOf(port)),
  }),
  health: '/health',
  asked: ({ artifact }) => artifact.path,
  async observe(started) {
    const info = (await fieldsAt(started, '/info')) ?? {}
    const settings: Settings = foundInLog(started.log, printed)
    for (const name of told) {
      const value = info[name]
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        settings[name] = typeof value === 'string' ? valueOf(value) : value
    }
    const { version } = info
    return {
      ...(typeof version === 'string' && { version }),
      settings,
      varying: foundInLog(started.log, measured),
    }
  },
  clearUp({ port }) {
    for (const socket of globSync(`${socketsOf(port)}-*`, { cwd: tmpdir() }))
      rmSync(join(tmpdir(), socket), { force: true })
  },
}
