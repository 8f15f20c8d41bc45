import { fieldsAt } from './ask-server.ts'
import { foundInLog } from './found-in-log.ts'
import { withValues } from './launch-arguments.ts'
import { pythonVersions } from './python-versions.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

/** What it prints of its configuration as it starts; names as in its own options. */
const configured = {
  dtype: /\bdtype=(?:torch\.)?(\w+)/,
  quantization: /\bquantization=([\w-]+)/,
  kv_cache_dtype: /\bkv_cache_dtype=([\w-]+)/,
  max_model_len: /\bmax_seq_len=(\d+)/,
  enforce_eager: /\benforce_eager=(True|False)/,
  tensor_parallel_size: /\btensor_parallel_size=(\d+)/,
  enable_prefix_caching: /\benable_prefix_caching=(True|False)/,
  enable_chunked_prefill: /\benable_chunked_prefill=(True|False)/,
  device: /\bdevice_config=([\w:.-]+)/,
  seed: /\bseed=(\d+)/,
}
/** What it has chosen, in the lines that say so. */
const chosen = {
  attention_backend: /Using (?:(?:AttentionBackendEnum|_Backend)\.)?(\w+) (?:attention )?backend\b/i,
  linear_kernel: /\bUsing (\w*LinearKernel)\b/,
  moe_backend: /\bUsing (\w+) MoE backend/i,
  torch_threads: /Reducing Torch threads from \d+ to (\d+) for serving/,
  kv_cache_layout: /Using (\w+) KV cache layout/,
}
/** What depends on the memory that was free. */
const measured = {
  kv_cache_tokens: /KV cache size: ([\d,]+) tokens/,
  kv_cache_gib: /(?:Available KV cache memory: |set \()([\d.]+)(?:\/[\d.]+\))? GiB/,
  gpu_blocks: /# (?:GPU|CPU|cuda|cpu) blocks: (\d+)/i,
}

/** `vllm serve`. */
export const vllm: Recipe = {
  options: { no: 'no-name', list: 'together' },
  argv: ({ program, artifact, port, model, args, told = [] }) => [
    program,
    'serve',
    artifact.path,
    ...withValues({ '--host': '127.0.0.1', '--port': port, '--served-model-name': model }),
    ...told,
    ...args,
  ],
  // It tells its makers nothing, and looks for nothing that is not here.
  env: (context) => ({
    VLLM_NO_USAGE_STATS: '1',
    DO_NOT_TRACK: '1',
    HF_HUB_OFFLINE: '1',
    ...(wantsMostOfMemory(context) && { VLLM_CPU_KVCACHE_SPACE: '1' }),
  }),
  health: '/health',
  async observe(started) {
    const { log } = started
    const line = log.split('\n').find((text) => text.includes('LLM engine') && text.includes('with config:')) ?? ''
    const [version, versions] = await Promise.all([
      fieldsAt(started, '/version'),
      pythonVersions(started.context.program, ['torch', 'transformers'], started.signal),
    ])
    const said = version?.['version']
    return {
      ...(typeof said === 'string' && { version: said }),
      settings: { ...foundInLog(line, configured), ...foundInLog(log, chosen), ...versions },
      varying: foundInLog(log, measured),
    }
  },
}

/** Left to itself its build for CPUs takes 92 % of the machine's memory for the KV cache, and does not start where less is free. */
function wantsMostOfMemory({ hardware, args }: RecipeContext): boolean {
  if (hardware.needs.accelerator !== 'cpu' || process.env['VLLM_CPU_KVCACHE_SPACE'] !== undefined) return false
  return !args.some((arg) => /^--(?:kv-cache-memory-bytes|gpu-memory-utilization)\b/.test(arg.replaceAll('_', '-')))
}
