// The binding of `llama_model_quantize` of llama.cpp's shared library, which node-llama-cpp ships and does not expose. It is
// used in a process of its own (quantize-main.ts): native code that goes wrong ends that one only.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'

/** As `llama_model_quantize_params` in llama.h of release v0.4.0 has them; the order and sizes are its memory layout. */
const fields = {
  nthread: 'int32',
  ftype: 'int32',
  output_tensor_type: 'int32',
  token_embedding_type: 'int32',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void *',
  kv_overrides: 'void *',
  tt_overrides: 'void *',
  prune_layers: 'void *',
  max_buf_size: 'size_t',
} as const
type Parameters = Record<keyof typeof fields, number | boolean | null | bigint>

/** What the library sets by default; any other answer means that the struct has another layout. `types`: one past the last. */
const expected: Partial<Parameters> = {
  nthread: 0,
  allow_requantize: false,
  quantize_output_tensor: true,
  only_copy: false,
  pure: false,
  keep_split: false,
  dry_run: false,
  imatrix: null,
  kv_overrides: null,
  tt_overrides: null,
  prune_layers: null,
}

/**
 * Writes `to`, quantized from `from`, by llama.cpp's number of the file type; resolves with the code that the library gives, 0
 * for success. What it has to say goes to standard error. Throws where the library is not the one that this was written for.
 */
export function llamaQuantize(
  folder: string,
  { from, to, fileType, threads }: { from: string; to: string; fileType: number; threads: number },
): number {
  const open = (name: string) => koffi.load(join(folder, libraryFile(folder, name)), { global: true, lazy: true })
  open('ggml-base')
  const ggml = open('ggml')
  const llama = open('llama')
  koffi.struct('llama_model_quantize_params', fields)
  const defaults = llama.func('llama_model_quantize_params llama_model_quantize_default_params()')() as Parameters
  checkLayout(defaults)
  ggml.func('void ggml_backend_load_all_from_path(const char *folder)')(folder)
  llama.func('void llama_backend_init()')()
  const quantize = llama.func(
    'uint32_t llama_model_quantize(const char *from, const char *to, llama_model_quantize_params *parameters)',
  )
  return quantize(from, to, { ...defaults, nthread: threads, ftype: fileType }) as number
}

/** `libllama.so`, `libllama.v0.4.0.so`, `libllama.0.dylib`, `llama.dll`. */
function libraryFile(folder: string, name: string): string {
  const pattern = new RegExp(`^(lib)?${name}(\\.v?[\\d.]+)?\\.(so|dylib|dll)$`)
  const found = readdirSync(folder).find((file) => pattern.test(file))
  if (found === undefined) throw new Error(`no library ${name} in ${folder}`)
  return found
}

function checkLayout(defaults: Parameters): void {
  const odd = Object.entries(expected).filter(([field, value]) => defaults[field as keyof Parameters] !== value)
  const { output_tensor_type: output, token_embedding_type: embedding, max_buf_size: buffer } = defaults
  // Both are "no type", which is the number after the last type; the buffer is some whole GiB.
  const sound = odd.length === 0 && output === embedding && Number(output) > 30 && Number(output) < 256
  if (sound && Number(buffer) > 0 && Number(buffer) % 2 ** 20 === 0) return
  throw new Error(
    `llama_model_quantize_params has another layout in this build of llama.cpp (${JSON.stringify(defaults, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))})`,
  )
}
