import { fieldsOf } from '../wire/json-fields.ts'
import { fieldsAt } from './ask-server.ts'
import { foundInLog } from './found-in-log.ts'
import { withValues } from './launch-arguments.ts'
import { pythonVersions } from './python-versions.ts'
import type { Recipe } from './recipe.ts'

const printed = {
  n_ctx: /\bn_ctx\s*=\s*(\d+)/,
  n_batch: /\bn_batch\s*=\s*(\d+)/,
  flash_attention: /\bflash_attn\s*=\s*(\w+)/,
  features: /^((?:[\w ]+: )?CPU : .*\|)\s*$/m,
}

/** `python -m llama_cpp.server`. */
export const llamaCppPython: Recipe = {
  options: { no: 'value', yes: 'value', list: 'together' },
  argv: ({ program, artifact, port, model, args }) => [
    ...([program, '-m', 'llama_cpp.server'] as const),
    ...withValues({ '--model': artifact.path, '--model_alias': model, '--host': '127.0.0.1', '--port': port }),
    // Else a second request cuts the first one off.
    ...(args.includes('--interrupt_requests') ? [] : ['--interrupt_requests', 'False']),
    ...args,
  ],
  health: '/v1/models',
  async observe(started) {
    const [api, versions] = await Promise.all([
      fieldsAt(started, '/openapi.json'),
      pythonVersions(started.context.program, ['llama_cpp_python'], started.signal),
    ])
    const version = fieldsOf(api?.['info'])?.['version'] ?? versions['llama_cpp_python']
    return {
      ...(typeof version === 'string' && { version }),
      settings: foundInLog(started.log, printed),
    }
  },
}
