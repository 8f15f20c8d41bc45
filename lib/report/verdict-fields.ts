import type { ArmDifference } from '../domain/verdict.ts'
import { optionOf, sampling } from '../verdict/treatment-table.ts'
import type { Words } from './words.ts'

/** What fields of manifests and settings are called; one that is not here, nor a setting below, is called by its path. */
const names: Readonly<Record<string, readonly string[]>> = {
  engine: ['engine.name', 'backend.kind'],
  'engine-version': ['engine.version'],
  'engine-build': ['engine.build', 'engine.server.says.build_info'],
  'engine-program': ['backend.program'],
  'engine-features': ['engine.features'],
  'engine-accelerator': ['engine.accelerator', 'engine.devices'],
  server: ['backend.url', 'engine.server.url'],
  'model-file': ['artifact.digest', 'engine.artifact.digest'],
  'chat-template': ['engine.artifact.chatTemplate'],
  cpu: ['host.cpu'],
  os: ['host.os', 'host.distribution'],
  cores: ['host.cores'],
  memory: ['host.memoryBytes'],
  node: ['runtime.node'],
  measurement: ['tool.measurement'],
  prompts: ['prompts'],
  'prompt-tokens': ['prompts.tokens'],
  'prompt-order': ['workload.order'],
  'system-prompt': ['workload.system'],
  'output-limit': ['workload.sampling.maxTokens'],
  'output-end': ['workload.output'],
  workload: ['workload.kind'],
  text: ['workload.text'],
  clients: ['load.clients'],
  requests: ['load.requests'],
  'imported-context': ['imported.context'],
  'imported-chunks': ['imported.chunks'],
  'imported-base': ['imported.base'],
}
/** What settings are called, of a backend or as an engine says them, by the names that programs give them. */
const settings: Readonly<Record<string, readonly string[]>> = {
  'cache-type': ['kv_cache_dtype', 'kv_cache_type', 'ollama_kv_cache_type'],
  'cache-type-keys': ['cache_type_k', 'ctk', 'type_k'],
  'cache-type-values': ['cache_type_v', 'ctv', 'type_v'],
  threads: ['threads', 't', 'n_threads', 'num_thread', 'torch_threads', 'omp_num_threads', 'omp_threads_bind'],
  'context-size': ['context_size', 'ctx_size', 'c', 'n_ctx', 'num_ctx', 'max_model_len', 'context_length'],
  'batch-size': ['batch_size', 'b', 'n_batch', 'num_batch', 'max_num_batched_tokens'],
  'flash-attention': ['flash_attention', 'flash_attn', 'fa', 'ollama_flash_attention'],
  attention: ['attention', 'attention_backend', 'attn_implementation', 'vllm_attention_backend'],
  'compute-type': ['dtype', 'torch_dtype', 'model_dtype'],
  'prefix-cache': ['enable_prefix_caching', 'prefix_caching', 'cache_prompt'],
  'gpu-layers': ['gpu_layers', 'n_gpu_layers', 'ngl', 'num_gpu', 'offloaded_layers'],
  slots: ['parallel', 'np', 'slots', 'total_slots', 'ollama_num_parallel', 'max_num_seqs'],
}
const reversed = (table: typeof names) =>
  new Map(Object.entries(table).flatMap(([name, all]) => all.map((each) => [each, name] as const)))
const nameOfField = reversed(names)
const nameOfSetting = reversed(settings)
const isSetting = /^(?:backend|engine|engine\.settings|engine\.server\.(?:settings|says)|backend\..+)\.[^.]+$/
const accelerator = /^host\.accelerators\.\d+\.(name|memoryBytes|driver)$/

/** What a field in which two arms differ is called: `engine build`. */
export function fieldText(field: string, words: Words): string {
  const name = nameOfField.get(field)
  if (name !== undefined) return words(`verdict.field.${name}`)
  const [, part] = accelerator.exec(field) ?? []
  if (part !== undefined) return words(`verdict.field.gpu-${part}`)
  const [, sampled] = /^workload\.sampling\.(.+)$/.exec(field) ?? []
  if (sampled !== undefined) return words('verdict.field.sampling', { setting: sampled })
  return isSetting.test(field) ? settingText(field, words) : field
}

function settingText(field: string, words: Words): string {
  const option = optionOf(field)
  const name = nameOfSetting.get(option)
  if (name !== undefined) return words(`verdict.field.${name}`)
  return field.startsWith('backend.') && sampling.has(option)
    ? words('verdict.field.sampling', { setting: option })
    : field
}

const mostFields = 4

/** `Not comparable: engine build and KV-cache type differ.` */
export function differencesText(differences: readonly ArmDifference[], words: Words): string {
  const fields = [...new Set(differences.map(({ field }) => fieldText(field, words)))]
  const rest = fields.length - mostFields
  const shown = rest > 1 ? [...fields.slice(0, mostFields), words('verdict.more-fields', { n: rest })] : fields
  return words('verdict.not-comparable', { n: fields.length, fields: listText(shown, words) })
}

/** `a, b and c` */
export function listText(texts: readonly string[], words: Words): string {
  const last = texts.at(-1) ?? ''
  return texts.length < 2 ? last : words('verdict.and', { first: texts.slice(0, -1).join(', '), last })
}
