import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { ArtifactDescription, ArtifactIdentity } from '../domain/cell.ts'
import { quantizedBits, type QuantizedType } from '../domain/quantized-type.ts'
import { UserError } from '../domain/user-error.ts'
import { ggufFileTypeName } from './gguf-file-type.ts'

/** Raised whenever the same library would be asked for something else. */
const recipeVersion = 1
const unquantized: readonly (string | undefined)[] = ['F32', 'F16', 'BF16', undefined]
/** Embeddings and norms keep more bits than the rest. */
const smallTypeBits = 6.56

/** A quantized model, named and estimated before it is made. */
export type QuantizeRecipe = {
  /** SHA-256 in hex of the recipe: the file that it starts from, the format, the release of llama.cpp. */
  digest: string
  fileName: string
  /** Absent where what it starts from is not here yet. */
  description?: ArtifactDescription
}

/** Throws a `UserError` where the model that it starts from is no GGUF file, or is quantized itself. */
export function quantizeRecipe(from: ArtifactIdentity, to: QuantizedType, release: string): QuantizeRecipe {
  const { description } = from
  const name = basename(from.path)
  const isToCome = description === undefined && from.bytes === undefined
  if (!isToCome && description?.format !== 'gguf')
    throw new UserError(`${name} cannot be quantized: only a GGUF file can`)
  if (description !== undefined && !unquantized.includes(description.fileType))
    throw new UserError(
      `${name} is quantized already (${description.fileType}), and quantizing it again would lose more than the format does: start from f16, bf16 or f32`,
    )
  const recipe = JSON.stringify({ recipe: recipeVersion, from: from.digest, to, release })
  const digest = createHash('sha256').update(recipe).digest('hex')
  const stem = name.replace(/(-[0-9a-f]{8})?\.gguf$/i, '').replace(/[-.](b?f16|f32)$/i, '')
  const fileName = `${stem.replaceAll(/[^\w.-]/g, '-')}-${to}-${digest.slice(0, 8)}.gguf`
  return { digest, fileName, ...(description && { description: estimate(description, to) }) }
}

/** What the header will say, as far as it is known: the types of single tensors are llama.cpp's choice. */
function estimate({ shape, ...description }: ArtifactDescription, to: QuantizedType): ArtifactDescription {
  const { tensorBytes, parameters, vocabulary } = description
  const outside = 2 * vocabulary * (shape?.width ?? 0)
  const inside = Math.max(0, parameters - outside)
  const outsideBytes = (Math.min(outside, parameters) * Math.max(smallTypeBits, quantizedBits[to])) / 8
  const bytes = Math.min(tensorBytes, Math.round((inside * quantizedBits[to]) / 8 + outsideBytes))
  const [type = ''] = ggufTypeNames(to)
  return {
    ...description,
    tensorBytes: bytes,
    fileType: to.toUpperCase(),
    estimated: true,
    ...(shape && {
      shape: { ...shape, matrixBytes: { [type]: Math.min(bytes, Math.round((inside * quantizedBits[to]) / 8)) } },
    }),
  }
}

/** `Q4_K` for `q4_k_m`: the type that most of the weights get. */
function ggufTypeNames(to: QuantizedType): string[] {
  return [to.toUpperCase().replace(/_[SML]$/, '')]
}

/** llama.cpp's number of a file type. */
export function fileTypeNumber(to: QuantizedType): number {
  for (let number = 0; number < 64; number += 1) if (ggufFileTypeName(number) === to.toUpperCase()) return number
  throw new Error(`llama.cpp has no file type ${to}`)
}
