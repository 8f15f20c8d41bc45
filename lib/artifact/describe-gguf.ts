import type { ArtifactDescription } from '../domain/cell.ts'
import { UserError } from '../domain/user-error.ts'
import { quoted, unreadable } from './gguf-error.ts'
import { ggufFileTypeName } from './gguf-file-type.ts'
import type { GgufHeader } from './gguf-header.ts'
import { ggufShape } from './gguf-shape.ts'
import { isCount } from './is-count.ts'

/** The key that marks generated weights, which say nothing about quality. */
export const randomWeightsKey = 'benchbook.random_weights'

/** The key of the template by which messages become a prompt; its text is often too long to be kept by the reader. */
export const chatTemplateKey = 'tokenizer.chat_template'

/** What a header says of its model. Throws a `UserError` for a part of a split model and for what is no language model. */
export function describeGguf(header: GgufHeader): ArtifactDescription {
  const { name, metadata, tensors } = header
  refuseSplit(header)
  if (tensors.length === 0) throw unreadable(name, 'it holds no tensors')
  const architecture = metadata.get('general.architecture')
  if (typeof architecture !== 'string') throw unreadable(name, 'it has no general.architecture')
  if (!/^[\w.-]{1,64}$/.test(architecture)) throw unreadable(name, `${quoted(architecture)} is no architecture`)
  const fileType = fileTypeOf(header)
  const shape = ggufShape(header, architecture)
  return {
    format: 'gguf',
    architecture,
    parameters: tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    tensorBytes: tensors.reduce((sum, tensor) => sum + tensor.bytes, 0),
    contextLength: contextLengthOf(header, architecture),
    vocabulary: vocabularyOf(header, architecture),
    chatTemplate: metadata.has(chatTemplateKey) && metadata.get(chatTemplateKey) !== '',
    ...(fileType !== undefined && { fileType }),
    randomWeights: metadata.get(randomWeightsKey) === true,
    ...(shape !== undefined && { shape }),
  }
}

function refuseSplit({ name, metadata }: GgufHeader): void {
  const parts = metadata.get('split.count')
  if (typeof parts !== 'number' || parts < 2) return
  throw new UserError(
    `${name} is one of ${parts} parts of a split model, which is not supported: merge them with llama-gguf-split --merge`,
  )
}

function contextLengthOf({ name, metadata }: GgufHeader, architecture: string): number {
  const length = metadata.get(`${architecture}.context_length`)
  if (isCount(length)) return length
  throw unreadable(name, `it has no ${architecture}.context_length, so it is no language model`)
}

function vocabularyOf({ name, metadata }: GgufHeader, architecture: string): number {
  const tokens = metadata.get('tokenizer.ggml.tokens')
  if (typeof tokens === 'object') return tokens.length
  const size = metadata.get(`${architecture}.vocab_size`)
  if (isCount(size)) return size
  throw unreadable(name, 'it has no vocabulary')
}

function fileTypeOf({ metadata }: GgufHeader): string | undefined {
  const number = metadata.get('general.file_type')
  return typeof number === 'number' ? ggufFileTypeName(number) : undefined
}
