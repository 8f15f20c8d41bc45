import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { checkValue } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'
import { namesIn, sizeOf } from './hf-cache.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where Ollama keeps models: the user's own store, and that of its service on Linux. */
export function ollamaStores(env: Environment): string[] {
  const named = env['OLLAMA_MODELS']?.trim()
  if (named) return [named]
  return [join(homedir(), '.ollama', 'models'), '/usr/share/ollama/.ollama/models']
}

/** A model in Ollama's store: its GGUF file. */
export type OllamaModel = { store: string; path: string; sha256: string; bytes: number }

const manifest = z.object({
  layers: z
    .array(
      z.object({
        mediaType: z.string(),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        size: z.int().min(0).max(1e14),
      }),
    )
    .max(1000),
})
const mostManifestBytes = 1_048_576

/** The model that a name is in the first store that has it whole; `undefined` where none has. */
export function findOllama(name: string, stores: readonly string[]): OllamaModel | undefined {
  for (const store of stores) {
    const found = modelOf(store, manifestPath(store, name))
    if (found !== undefined) return found
  }
  return undefined
}

/** The names of the models in a store, as `ollama list` has them. */
export function ollamaNames(store: string): string[] {
  const library = join(store, 'manifests', 'registry.ollama.ai', 'library')
  return namesIn(library).flatMap((model) => namesIn(join(library, model)).map((tag) => `${model}:${tag}`))
}

function manifestPath(store: string, name: string): string {
  const [, path = name, tag = 'latest'] = /^(.*?)(?::([\w.-]+))?$/.exec(name) ?? []
  const parts = path.split('/')
  const whole = ['registry.ollama.ai', 'library'].slice(0, Math.max(0, 3 - parts.length))
  return join(store, 'manifests', ...whole, ...parts, tag)
}

function modelOf(store: string, path: string): OllamaModel | undefined {
  const bytes = sizeOf(path)
  if (bytes === undefined || bytes > mostManifestBytes) return undefined
  const checked = checkValue(manifest, readJson(path))
  if (checked.status === 'failed') return undefined
  const layer = checked.value.layers.find(({ mediaType }) => mediaType === 'application/vnd.ollama.image.model')
  if (layer === undefined) return undefined
  const sha256 = layer.digest.slice('sha256:'.length)
  const blob = join(store, 'blobs', `sha256-${sha256}`)
  return sizeOf(blob) === layer.size ? { store, path: blob, sha256, bytes: layer.size } : undefined
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
