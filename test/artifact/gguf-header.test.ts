import { expect, test } from 'vitest'
import type { GgufEntry } from '../../lib/artifact/encode-gguf-header.ts'
import { parseGgufHeader } from '../../lib/artifact/gguf-header.ts'
import { smallHeader, smallMetadata, smallModel, smallTensorBytes, sourceOf } from './small-gguf.ts'

const parse = (bytes: Buffer) => parseGgufHeader(sourceOf(bytes))
/** A header that is put together by hand, for what the encoder cannot write. */
const raw = (...parts: readonly (Buffer | string)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: bigint) => Buffer.from(BigUint64Array.of(value).buffer)
const key = (name: string) => raw(u64(BigInt(name.length)), name)
const head = (tensors: bigint, keys: bigint) => raw('GGUF', u32(3), u64(tensors), u64(keys))
const padding = Buffer.alloc(64)
const flag = (name: string) => raw(key(name), u32(7), Buffer.of(1))
const list = (type: number, length: bigint) => raw(head(0n, 1n), key('list'), u32(9), u32(type), u64(length), padding)
const tensor = (shape: readonly bigint[], type: number, offset = 0n) =>
  raw(head(1n, 0n), key('w'), u32(shape.length), ...shape.map(u64), u32(type), u64(offset), padding)

test('a header gives every scalar, the length of every list, and where each tensor lies', () => {
  const { metadata, tensors, endsAt } = parse(smallModel())
  expect(Object.fromEntries(metadata)).toEqual({
    'general.architecture': 'llama',
    'general.file_type': 2,
    'llama.context_length': 128,
    'llama.attention.layer_norm_rms_epsilon': 0.5,
    'tokenizer.ggml.tokens': { length: 3 },
    'tokenizer.ggml.token_type': { length: 3 },
    'tokenizer.ggml.add_bos_token': true,
  })
  const dataStart = smallHeader().length
  expect(tensors.map(({ name, type, elements, bytes, offset }) => [name, type.name, elements, bytes, offset])).toEqual([
    ['token_embd.weight', 'Q4_0', 96, 54, dataStart],
    ['output_norm.weight', 'F32', 5, 20, dataStart + 64],
  ])
  expect(endsAt).toBe(smallModel().length)
})

test('every kind of scalar is read as what it is', () => {
  const value = (name: string, type: number, hex: string) => raw(key(name), u32(type), Buffer.from(hex, 'hex'))
  const bytes = raw(
    head(0n, 10n),
    value('u8', 0, 'ff'),
    value('i8', 1, 'ff'),
    value('u16', 2, 'feff'),
    value('i16', 3, 'feff'),
    value('u32', 4, 'fdffffff'),
    value('i32', 5, 'fdffffff'),
    value('bool', 7, '01'),
    value('u64', 10, '0000000001000000'),
    value('i64', 11, 'ffffffffffffffff'),
    value('f64', 12, '000000000000f83f'),
  )
  expect(Object.fromEntries(parse(bytes).metadata)).toEqual({
    u8: 255,
    i8: -1,
    u16: 65_534,
    i16: -2,
    u32: 4_294_967_293,
    i32: -3,
    bool: true,
    u64: 2 ** 32,
    i64: -1,
    f64: 1.5,
  })
})

test('a text that is too long to be needed is left out, and what follows it is read', () => {
  const long: Record<string, GgufEntry> = { long: { type: 'string', value: 'x'.repeat(600_000) }, ...smallMetadata }
  const { metadata } = parse(smallModel(long))
  expect([metadata.has('long'), metadata.get('long'), metadata.get('llama.context_length')]).toEqual([
    true,
    undefined,
    128,
  ])
})

test('tensors are aligned as general.alignment says', () => {
  const bytes = smallModel({ ...smallMetadata, 'general.alignment': { type: 'u32', value: 64 } })
  const { tensors } = parse(Buffer.concat([bytes, padding]))
  expect((tensors[0]?.offset ?? NaN) % 64).toBe(0)
})

test('a truncated file is told how long it is and how long its header says it must be', () => {
  const whole = smallModel()
  expect(() => parse(whole.subarray(0, -1))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is 563 bytes, its tensors end at 564: it is truncated; fetch it again]`,
  )
  expect(() => parse(smallHeader().subarray(0, 100))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is 100 bytes, its header goes on after that: it is truncated; fetch it again]`,
  )
  expect(whole.length - smallHeader().length).toBe(smallTensorBytes)
})

test('a file that is no GGUF of a known version is named as what it is', () => {
  expect(() => parse(Buffer.alloc(0))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it is empty; fetch it again, or name another file]`,
  )
  expect(() => parse(raw('PK\u0003\u0004'))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it begins with "PK\\u0003\\u0004", not with "GGUF"; fetch it again, or name another file]`,
  )
  expect(() => parse(raw('GG'))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it begins with "GG", not with "GGUF"; fetch it again, or name another file]`,
  )
  expect(() => parse(raw('GGUF', u32(1), padding))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is a GGUF file of version 1; versions 2 and 3 are supported: convert it anew]`,
  )
  expect(() => parse(raw('GGUF', u32(0x03000000), padding))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is a big-endian GGUF file, which is not supported: convert it to little-endian]`,
  )
})

test('counts that the file cannot hold are refused before anything is kept', () => {
  expect(() => parse(raw(head(2n ** 63n, 0n), padding))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it claims 9,223,372,036,854,776,000 tensors; fetch it again, or name another file]`,
  )
  expect(() => parse(raw(head(0n, 2n ** 40n), padding))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it claims 1,099,511,627,776 metadata keys; fetch it again, or name another file]`,
  )
  expect(() => parse(raw(head(0n, 1n), u64(2n ** 40n), padding))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: a metadata key claims 1,099,511,627,776 bytes; fetch it again, or name another file]`,
  )
  expect(() => parse(list(4, 2n ** 62n))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: the list "list" claims 4,611,686,018,427,388,000 entries, more than the file holds; fetch it again, or name another file]`,
  )
  expect(() => parse(list(8, 9n))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: the list "list" claims 9 entries, more than the file holds; fetch it again, or name another file]`,
  )
  expect(() =>
    parse(raw(head(0n, 1n), key('text'), u32(8), u64(2n ** 60n), padding)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf is 112 bytes, its header goes on after that: it is truncated; fetch it again]`,
  )
})

test('a header that goes on and on is given up, however large the file is', () => {
  const endless = { ...sourceOf(raw(head(0n, 1n), key('text'), u32(8), u64(2n ** 30n))), bytes: 2 ** 40 }
  expect(() => parseGgufHeader(endless)).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: its header is longer than 134,217,728 bytes; fetch it again, or name another file]`,
  )
})

test('metadata that no writer makes is refused', () => {
  expect(() => parse(raw(head(0n, 2n), flag('a'), flag('a')))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: it has the key "a" twice; fetch it again, or name another file]`,
  )
  expect(() => parse(raw(head(0n, 1n), key('a\u001b[2J'), u32(99)))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: "a\\u001b[2J" has a value of the unknown type 99; fetch it again, or name another file]`,
  )
  expect(() =>
    parse(raw(head(0n, 1n), key('list'), u32(9), u32(9), u64(1n), padding)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: "list" has a value of the unknown type 9; fetch it again, or name another file]`,
  )
  const alignment: GgufEntry = { type: 'u32', value: 33 }
  expect(() =>
    parse(smallModel({ ...smallMetadata, 'general.alignment': alignment })),
  ).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: its general.alignment is not a power of two; fetch it again, or name another file]`,
  )
})

test('tensors of an impossible shape, type or place are refused', () => {
  expect(() => parse(tensor([], 0))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" has 0 dimensions; fetch it again, or name another file]`,
  )
  expect(() => parse(tensor([33n], 2))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" has the shape 33, which Q4_0 cannot have; fetch it again, or name another file]`,
  )
  expect(() => parse(tensor([0n, 4n], 0))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" has the shape 0 x 4, which F32 cannot have; fetch it again, or name another file]`,
  )
  expect(() => parse(tensor([2n ** 40n, 2n ** 40n], 0))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" has the shape 1099511627776 x 1099511627776, which F32 cannot have; fetch it again, or name another file]`,
  )
  expect(() => parse(tensor([4n], 31))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" has type 31, which this version does not know; fetch it again, or name another file]`,
  )
  expect(() => parse(tensor([4n], 0, 32n))).toThrowErrorMatchingInlineSnapshot(
    `[UserError: demo.gguf cannot be read as a GGUF model: tensor "w" lies at 32, not at 0; fetch it again, or name another file]`,
  )
})
