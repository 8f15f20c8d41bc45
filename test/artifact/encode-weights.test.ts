import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { encodeWeights, halfBits } from '../../lib/artifact/encode-weights.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const block = (...first: readonly number[]) => Float32Array.from({ length: 32 }, (_, index) => first[index] ?? 0)

test('half precision rounds to the nearest, ties to even, with subnormals, infinities and the sign of zero', () => {
  const cases: readonly (readonly [number, number])[] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_520, 0x7c00],
    [1e9, 0x7c00],
    [-Infinity, 0xfc00],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -25, 0x0001],
  ]
  expect(cases.map(([value]) => halfBits(value))).toEqual(cases.map(([, bits]) => bits))
  expect(halfBits(NaN) & 0x7fff).toBeGreaterThan(0x7c00)
})

test('a Q8_0 block is its scale and its rounded weights', () => {
  const bytes = encodeWeights('q8_0', block(127, -127, 0.5, -0.5, 1.4))
  expect(bytes.length).toBe(34)
  expect(bytes.readUInt16LE(0)).toBe(halfBits(1))
  expect([...bytes.subarray(2)].slice(0, 6)).toEqual([127, 256 - 127, 1, 256 - 1, 1, 0])
})

test('a Q4_0 block is its scale, then the first half of its weights beside the second', () => {
  const weights = block(-8, 7, 0, 1)
  weights[16] = 3
  const bytes = encodeWeights('q4_0', weights)
  expect(bytes.length).toBe(18)
  expect(bytes.readUInt16LE(0)).toBe(halfBits(1))
  expect([...bytes.subarray(2)].slice(0, 4)).toEqual([0xb0, 0x8f, 0x88, 0x89])
})

test('a block of zeros stays zeros', () => {
  expect([...encodeWeights('q8_0', block())]).toEqual(Array(34).fill(0))
  expect([...encodeWeights('q4_0', block()).subarray(2)]).toEqual(Array(16).fill(0x88))
})

test("seeded weights give the bytes that ggml's reference functions give for them", () => {
  const random = randomSequence(5)
  const normal = Float32Array.from({ length: 2 ** 16 }, () => (random() + random() + random() + random() - 2) * 1.7)
  const grid = Float32Array.from({ length: 2 ** 16 }, () => Math.round((random() - 0.5) * 32) / 4)
  const digests = [normal, grid].map((weights) =>
    (['f16', 'q8_0', 'q4_0'] as const).map((type) => sha256(encodeWeights(type, weights)).slice(0, 16)),
  )
  expect(digests).toEqual([
    ['15aa2703a31676eb', 'd1d7fd7a5f1acc42', 'd86549565d929624'],
    ['8ce2c1174beadd8f', '2ab14e85f025936e', '0be68d8d40f30c03'],
  ])
})
