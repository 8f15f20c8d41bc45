import { expect, test } from 'vitest'
import { describeGguf } from '../../lib/artifact/describe-gguf.ts'
import type { GgufEntry } from '../../lib/artifact/encode-gguf-header.ts'
import { parseGgufHeader } from '../../lib/artifact/gguf-header.ts'
import { smallMetadata, smallModel, smallTensors, sourceOf } from './small-gguf.ts'

const describe = (metadata: Readonly<Record<string, GgufEntry>>, tensors = smallTensors) =>
  describeGguf(parseGgufHeader(sourceOf(smallModel(metadata, tensors))))
const without = (key: string) => Object.fromEntries(Object.entries(smallMetadata).filter(([name]) => name !== key))
const text = (value: string): GgufEntry => ({ type: 'string', value })
const count = (value: number): GgufEntry => ({ type: 'u32', value })

test('a description counts the weights and the bytes of the tensors, without their padding', () => {
  const description = describe(smallMetadata)
  expect(description).toEqual({
    format: 'gguf',
    architecture: 'llama',
    parameters: 96 + 5,
    tensorBytes: 54 + 20,
    contextLength: 128,
    vocabulary: 3,
    chatTemplate: false,
    fileType: 'Q4_0',
    randomWeights: false,
  })
})

test('a file type that llama.cpp does not know, or none, stays unsaid', () => {
  expect(describe({ ...smallMetadata, 'general.file_type': count(5) })).not.toHaveProperty('fileType')
  expect(describe(without('general.file_type'))).not.toHaveProperty('fileType')
})

test('without a list of tokens the vocabulary is the size that the header states', () => {
  const metadata = { ...without('tokenizer.ggml.tokens'), 'llama.vocab_size': count(7) }
  expect(describe(metadata).vocabulary).toBe(7)
})

test('a part of a split model is refused with the way to merge it', () => {
  expect(() => describe({ ...smallMetadata, 'split.count': count(3) })).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is one of 3 parts of a split model, which is not supported: merge them with llama-gguf-split --merge]`,
  )
  expect(describe({ ...smallMetadata, 'split.count': count(1) }).parameters).toBe(101)
})

test('what is no language model is refused', () => {
  expect(() => describe(without('general.architecture'))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it has no general.architecture; fetch it again, or name another file]`,
  )
  expect(() =>
    describe({ ...smallMetadata, 'general.architecture': text('\u202egpj') }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: "\\u202egpj" is no architecture; fetch it again, or name another file]`,
  )
  expect(() => describe({ ...smallMetadata, 'general.architecture': text('clip') })).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it has no clip.context_length, so it is no language model; fetch it again, or name another file]`,
  )
  expect(() => describe(without('tokenizer.ggml.tokens'))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it has no vocabulary; fetch it again, or name another file]`,
  )
  expect(() => describe(smallMetadata, [])).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it holds no tensors; fetch it again, or name another file]`,
  )
})
