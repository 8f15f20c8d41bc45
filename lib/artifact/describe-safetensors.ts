import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ArtifactDescription } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { thousands } from '../domain/thousands.ts'
import { quoted } from './gguf-error.ts'
import { badSafetensors, readSafetensors, type SafetensorsTensor } from './read-safetensors.ts'
import { parametersIn, safetensorsQuantization } from './safetensors-quantization.ts'
import { configShape, type ModelConfig } from './safetensors-shape.ts'
import { isCount } from './is-count.ts'

const maxJsonBytes = 64 * 1024 * 1024
const mostShards = 10_000
const indexFile = 'model.safetensors.index.json'

/** A model of which a part is not there: not fetched yet, or taken away. */
export class MissingPart extends UserError {}

export type SafetensorsModel = { bytes: number; description: ArtifactDescription }

/**
 * What a folder in the form of Hugging Face says of its model: the shards that its index names (else every `*.safetensors`), and
 * `config.json`. Throws a `UserError` that calls the folder `name` where a part is missing or damaged.
 */
export function describeSafetensors(folder: string, name = folder): SafetensorsModel {
  const shards = shardsOf(folder, name)
  const tensors = shards.flatMap((shard) => readSafetensors(join(folder, shard), `${name}/${plain(shard)}`))
  if (tensors.length === 0) throw badSafetensors(name, 'it holds no tensors')
  const config = readJson(join(folder, 'config.json'), `${name}/config.json`)
  const text = isObject(config['text_config']) ? { ...config, ...config['text_config'] } : config
  return {
    bytes: shards.reduce((sum, shard) => sum + statSync(join(folder, shard)).size, 0),
    description: { ...describe(tensors, text, name), chatTemplate: hasChatTemplate(folder, name) },
  }
}

/** Whether a folder holds safetensors. */
export function holdsSafetensors(folder: string): boolean {
  return readdirSync(folder).some((file) => file.endsWith('.safetensors'))
}

function shardsOf(folder: string, name: string): string[] {
  if (!existsSync(join(folder, indexFile))) return unlistedShards(folder, name)
  const { weight_map: map } = readJson(join(folder, indexFile), `${name}/${indexFile}`)
  const shards = isObject(map) ? [...new Set(Object.values(map))] : []
  if (shards.length === 0 || shards.length > mostShards) throw badSafetensors(name, `${indexFile} names no files`)
  return shards.map((shard) => {
    // A name with a slash could lead anywhere.
    if (typeof shard !== 'string' || !/^[\w.-]{1,200}\.safetensors$/.test(shard))
      throw badSafetensors(
        name,
        `${indexFile} names ${quoted(String(shard).slice(0, 100))}, which is no file beside it`,
      )
    if (!existsSync(join(folder, shard)))
      throw new MissingPart(`${name} has no ${shard}, which ${indexFile} names: fetch what is missing`)
    return shard
  })
}

/** Without an index the names of parts say how many there are. */
function unlistedShards(folder: string, name: string): string[] {
  const shards = readdirSync(folder).filter((file) => file.endsWith('.safetensors'))
  const most = Math.max(0, ...shards.map((shard) => Number(/-of-(\d{5})\.safetensors$/.exec(shard)?.[1] ?? 0)))
  if (shards.length < most)
    throw new MissingPart(
      `${name} has ${shards.length} of its ${most} parts, and no ${indexFile}: fetch what is missing`,
    )
  return shards
}

function describe(tensors: readonly SafetensorsTensor[], config: ModelConfig, name: string) {
  const { model_type: architecture, vocab_size: vocabulary, max_position_embeddings: contextLength } = config
  if (typeof architecture !== 'string' || !/^[\w.-]{1,64}$/.test(architecture))
    throw badSafetensors(name, 'its config.json has no model_type')
  if (!isCount(vocabulary) || !isCount(contextLength))
    throw badSafetensors(
      name,
      'its config.json has no vocab_size or no max_position_embeddings, so it is no language model',
    )
  const matrixBytes: Record<string, number> = {}
  for (const { type, bytes } of tensors) matrixBytes[type] = (matrixBytes[type] ?? 0) + bytes
  const shape = configShape(config, matrixBytes)
  const quantization = safetensorsQuantization(config['quantization_config'])
  const [commonest] = Object.entries(matrixBytes).toSorted(([, a], [, b]) => b - a)
  const fileType = quantization?.name ?? commonest?.[0]
  return {
    format: 'safetensors' as const,
    architecture,
    parameters: tensors.reduce((sum, tensor) => sum + parametersIn(tensor, quantization), 0),
    tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    contextLength,
    vocabulary,
    ...(fileType !== undefined && { fileType }),
    randomWeights: false,
    ...(shape && { shape }),
  }
}

/** A file of its own, or as it used to be, a part of the tokenizer's. */
function hasChatTemplate(folder: string, name: string): boolean {
  const tokenizer = join(folder, 'tokenizer_config.json')
  if (existsSync(join(folder, 'chat_template.jinja'))) return true
  return existsSync(tokenizer) && readJson(tokenizer, `${name}/tokenizer_config.json`)['chat_template'] !== undefined
}

function readJson(path: string, name: string): Record<string, unknown> {
  if (!existsSync(path)) throw new MissingPart(`${name} is not there: fetch the whole folder`)
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > maxJsonBytes) throw badSafetensors(name, `it has ${thousands(size)} bytes`)
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isObject(value)) return value
  } catch (error) {
    if (error instanceof UserError) throw error
    throw badSafetensors(name, 'it is no JSON')
  } finally {
    closeSync(file)
  }
  throw badSafetensors(name, 'it is no JSON object')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
