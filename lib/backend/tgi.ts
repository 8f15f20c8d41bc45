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
  'max_batch_total_tokens',
  'waiting_served_ratio',
  'max_waiting_tokens',
  'max_batch_size',
  'validation_workers',
  'router',
  'sha',
]
const printed = {
  attention: /Using attention (\w+)/i,
  prefix_caching: /prefix caching (?:=|-)?\s*(\w+)/i,
  quantize: /quantize: (?:Some\(\s*)?(\w+)/,
}

/** `text-generation-launcher`, written after its documentation: `/health` is 503 until its shards are there, `/info` has the rest. */
export const tgi: Recipe = {
  options: { no: 'omit', list: 'comma' },
  argv: ({ program, artifact, port, args }) => [
    program,
    ...withValues({ '--model-id': artifact.path, '--hostname': '127.0.0.1', '--port': port }),
    ...args,
  ],
  env: () => ({ HF_HUB_OFFLINE: '1' }),
  health: '/health',
  // The only one it has, under whatever name.
  asked: ({ model }) => model,
  async observe(started) {
    const info = (await fieldsAt(started, '/info')) ?? {}
    const settings: Settings = foundInLog(started.log, printed)
    for (const name of told) {
      const value = info[name]
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        settings[name] = typeof value === 'string' ? valueOf(value) : value
    }
    const { version } = info
    return { ...(typeof version === 'string' && { version }), settings }
  },
}
