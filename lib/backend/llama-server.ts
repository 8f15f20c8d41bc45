import { fieldsOf } from '../wire/json-fields.ts'
import { fieldsAt } from './ask-server.ts'
import { foundInLog } from './found-in-log.ts'
import { withValues } from './launch-arguments.ts'
import type { Recipe, Settings } from './recipe.ts'

const printed = {
  threads: /\bn_threads = (\d+)/,
  flash_attention: /flash[_ ]attn\s*[:=]\s*(\w+)/i,
  cache_type_k: /\bcache_type_k\s*[:=]\s*'?(\w+)/,
  cache_type_v: /\bcache_type_v\s*[:=]\s*'?(\w+)/,
  kv_unified: /\bkv_unified = '(\w+)'/,
  offloaded_layers: /offloaded (\d+\/\d+) layers/,
}

/** `llama-server` of llama.cpp. */
export const llamaServer: Recipe = {
  options: { no: 'no-name', list: 'comma' },
  argv: ({ program, artifact, port, model, args, hardware }) => [
    program,
    ...withValues({ '--model': artifact.path, '--alias': model, '--host': '127.0.0.1', '--port': port }),
    '--metrics',
    ...(hardware.needs.accelerator === 'cpu' && !args.includes('--device') ? ['--device', 'none'] : []),
    ...args,
  ],
  health: '/health',
  async observe(started) {
    const props = (await fieldsAt(started, '/props')) ?? {}
    const build = props['build_info']
    const settings: Settings = { ...foundInLog(started.log, printed) }
    const context = fieldsOf(props['default_generation_settings'])?.['n_ctx']
    for (const [name, value] of [
      ['n_ctx', context],
      ['slots', props['total_slots']],
      ['file_type', props['model_ftype']],
    ] as const)
      if (typeof value === 'number' || typeof value === 'string') settings[name] = value
    return { ...(typeof build === 'string' && { version: build }), settings }
  },
}
