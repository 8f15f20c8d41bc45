/** A field, or with `.*` at its end all below it. */
export type Pattern = string

/** The name of a setting, the last of a path, as programs write it: `max-model-len`, `maxModelLen` and `MAX_MODEL_LEN` are one. */
export const optionOf = (path: string): string =>
  (path.split('.').at(-1) as string)
    .replaceAll('-', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

/** Where engines say by name what they compute with. */
const said = ['engine', 'engine.settings', 'engine.server.settings', 'engine.server.says']
export const saying = (names: readonly string[]): Pattern[] =>
  said.flatMap((at) => names.map((name) => `${at}.${name}`))

/** The kernels that an engine chooses, by the format of the weights or by the machine. */
const chosen = [
  'linear',
  'linearKernel',
  'linear_kernel',
  'attention',
  'attention_backend',
  'moe_backend',
  'kv_cache_layout',
]
/** What an engine chooses by the format of the weights: what it computes in, its kernels. */
const kernels = ['dtype', 'torch_dtype', 'model_dtype', 'quantization', 'quantize', ...chosen]
/** How large its KV cache is, which is not of which type it is. */
const cacheSizes = ['kvCacheTokens', 'kvCacheBytes', 'kv_cache_tokens', 'gpu_blocks', 'max_batch_total_tokens']
/** By what servers call the files. */
const fileNames = [
  'file_type',
  'model_ftype',
  'quantization_level',
  'format',
  'digest',
  'root',
  'model_id',
  'model_sha',
  'meta.ftype',
  'meta.size',
  'meta.n_params',
]
/** How much context there is. */
const contexts = [
  'contextSize',
  'n_ctx',
  'max_model_len',
  'context_length',
  'max_input_tokens',
  'max_total_tokens',
  'meta.n_ctx',
  'meta.n_ctx_train',
]

const weights: readonly Pattern[] = [
  'quantization',
  'artifact.*',
  ...['digest', 'bytes', 'format', 'fileType', 'tensorBytes', 'parameters', 'estimated', 'shape.matrixBytes.*'].map(
    (name) => `engine.artifact.${name}`,
  ),
  'engine.server.model',
  ...saying([...kernels, ...cacheSizes, ...fileNames]),
]

/** The table of what may differ between arms: of each treatment the fields that follow from it. */
export const named: Readonly<Record<string, readonly Pattern[]>> = {
  model: [
    'model.*',
    ...weights,
    'engine.artifact.*',
    'prompts.tokens',
    ...saying([...contexts, 'family', 'parameter_size', 'meta.*', 'model_type', 'owned_by']),
  ],
  quantization: weights,
  backend: ['backend.*', 'engine.*', 'prompts.tokens'],
  'backend.program': ['backend.program', 'engine.*', 'prompts.tokens'],
  hardware: [
    'hardware.*',
    'host.*',
    'runtime.platform',
    'runtime.arch',
    ...['accelerator', 'devices', 'threads', 'features', 'build'].map((name) => `engine.${name}`),
    ...saying([...chosen, ...cacheSizes]),
    ...saying([
      'device',
      'model_device_type',
      'features',
      'torch',
      'torch_threads',
      'ompThreadsBind',
      'offloaded_layers',
      'cuda_graphs',
    ]),
  ],
}

/** Of a single setting, by whichever of its names: what engines say that follows from it. */
export const settings: readonly { of: readonly string[]; follow: readonly string[] }[] = [
  {
    of: [
      'threads',
      't',
      'threads_batch',
      'tb',
      'n_threads',
      'n_threads_batch',
      'num_thread',
      'omp_num_threads',
      'vllm_cpu_omp_threads_bind',
    ],
    follow: ['threads', 'torch_threads', 'ompThreadsBind'],
  },
  {
    of: [
      'context_size',
      'ctx_size',
      'c',
      'n_ctx',
      'num_ctx',
      'max_model_len',
      'max_total_tokens',
      'max_input_tokens',
      'ollama_context_length',
    ],
    follow: [...contexts, ...cacheSizes],
  },
  { of: ['batch_size', 'b', 'ubatch_size', 'ub', 'n_batch', 'num_batch'], follow: ['batchSize', 'n_batch'] },
  {
    of: ['flash_attention', 'flash_attn', 'fa', 'ollama_flash_attention'],
    follow: ['flashAttention', 'flash_attention', 'OLLAMA_FLASH_ATTENTION'],
  },
  {
    of: ['kv_cache_dtype', 'cache_type_k', 'ctk', 'cache_type_v', 'ctv', 'type_k', 'type_v', 'ollama_kv_cache_type'],
    follow: [
      'kv_cache_dtype',
      'cache_type_k',
      'cache_type_v',
      'OLLAMA_KV_CACHE_TYPE',
      'attention',
      'attention_backend',
      'kv_cache_layout',
      ...cacheSizes,
    ],
  },
  { of: ['dtype', 'torch_dtype'], follow: [...kernels, ...cacheSizes] },
  {
    of: ['quantization', 'quantize', 'load_in_4bit', 'load_in_8bit', 'quantization_config'],
    follow: [...kernels, ...cacheSizes],
  },
  {
    of: ['attention_backend', 'attn_implementation', 'vllm_attention_backend'],
    follow: ['attention', 'attention_backend', 'kv_cache_layout'],
  },
  { of: ['enforce_eager'], follow: ['eager', 'enforce_eager', 'cuda_graphs'] },
  {
    of: ['enable_prefix_caching', 'prefix_caching'],
    follow: ['prefixCaching', 'enable_prefix_caching', 'prefix_caching'],
  },
  { of: ['kv_cache_memory_bytes', 'gpu_memory_utilization', 'vllm_cpu_kvcache_space'], follow: cacheSizes },
  { of: ['tensor_parallel_size', 'tp', 'num_shard'], follow: ['tensor_parallel_size', 'shards', ...cacheSizes] },
  { of: ['gpu_layers', 'n_gpu_layers', 'ngl', 'num_gpu'], follow: ['offloaded_layers'] },
  {
    of: ['parallel', 'np', 'ollama_num_parallel'],
    follow: ['slots', 'total_slots', 'OLLAMA_NUM_PARALLEL', 'n_ctx', 'kv_unified'],
  },
  { of: ['vllm_enable_v1_multiprocessing'], follow: ['multiprocessing', 'threads', 'ompThreadsBind'] },
]

/** What is sampled, and how much: an engine's options may not set that aside, whichever engine it is. */
export const sampling: ReadonlySet<string> = new Set([
  'temperature',
  'temp',
  'top_k',
  'top_p',
  'min_p',
  'typical_p',
  'seed',
  'max_tokens',
  'max_new_tokens',
  'n_predict',
  'num_predict',
  'min_tokens',
  'stop',
  'ignore_eos',
  'repetition_penalty',
  'repeat_penalty',
  'repeat_last_n',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'do_sample',
  'num_beams',
  'mirostat',
])
