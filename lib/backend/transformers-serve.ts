import { withValues } from './launch-arguments.ts'
import { pythonVersions } from './python-versions.ts'
import type { Recipe } from './recipe.ts'

const packages = ['transformers', 'torch', 'tokenizers', 'accelerate', 'compressed-tensors']

/** `transformers serve`: asked for a folder by the very string that it was started with. */
export const transformersServe: Recipe = {
  options: { no: 'no-name' },
  argv: ({ program, artifact, port, args, hardware }) => [
    program,
    'serve',
    artifact.path,
    ...withValues({ '--host': '127.0.0.1', '--port': port }),
    ...(hardware.needs.accelerator === 'cpu' && !args.includes('--device') ? ['--device', 'cpu'] : []),
    ...args,
  ],
  env: () => ({ HF_HUB_OFFLINE: '1' }),
  health: '/health',
  asked: ({ artifact }) => artifact.path,
  async observe({ context, signal }) {
    const { transformers: version, ...settings } = await pythonVersions(context.program, packages, signal)
    return { ...(typeof version === 'string' && { version }), settings }
  },
}
