import type { RandomType } from '../domain/cell.ts'

/** Weights to a block of Q8_0 and Q4_0. */
const blockWeights = 32

/**
 * Encodes weights as ggml's reference code does (`quantize_row_*_ref`), to the bit. Q8_0 and Q4_0 need a multiple of 32 of
 * them, none so small that the inverse of a block's scale overflows: there the C code is undefined.
 */
export function encodeWeights(type: RandomType, weights: Float32Array): Buffer {
  switch (type) {
    case 'f16':
      return encodeF16(weights)
    case 'q8_0':
      return encodeBlocks(weights, 34, encodeQ8Block)
    case 'q4_0':
      return encodeBlocks(weights, 18, encodeQ4Block)
  }
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The bits of the nearest half-precision number; ties go to the even one. */
export function halfBits(value: number): number {
  float[0] = value
  const word = bits[0] as number
  const sign = (word >>> 16) & 0x8000
  const exponent = ((word >>> 23) & 0xff) - 112
  const mantissa = word & 0x7fffff
  if (exponent === 143) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200)
  if (exponent >= 31) return sign | 0x7c00
  if (exponent > 0) return sign | roundedShift((exponent << 23) | mantissa, 13)
  return exponent < -10 ? sign : sign | roundedShift(mantissa | 0x800000, 14 - exponent)
}

function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0)
}

function encodeF16(weights: Float32Array): Buffer {
  const target = Buffer.allocUnsafe(weights.length * 2)
  weights.forEach((weight, index) => target.writeUInt16LE(halfBits(weight), index * 2))
  return target
}

function encodeBlocks(
  weights: Float32Array,
  blockBytes: number,
  encode: (block: Float32Array, target: Buffer) => void,
): Buffer {
  const blocks = weights.length / blockWeights
  const target = Buffer.allocUnsafe(blocks * blockBytes)
  for (let block = 0; block < blocks; block += 1)
    encode(
      weights.subarray(block * blockWeights, (block + 1) * blockWeights),
      target.subarray(block * blockBytes, (block + 1) * blockBytes),
    )
  return target
}

// In C these steps are single precision; each of ours is rounded to it. Math.fround of a double quotient or product of two
// single-precision numbers is the single-precision one.

/** A half-precision scale, largest weight / 127, and 32 signed bytes, rounded half away from zero. */
function encodeQ8Block(block: Float32Array, target: Buffer): void {
  const largest = block.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  const scale = Math.fround(largest / 127)
  const inverse = inverseOf(scale)
  target.writeUInt16LE(halfBits(scale))
  for (let index = 0; index < blockWeights; index += 1) {
    const scaled = Math.fround((block[index] as number) * inverse)
    target.writeInt8(scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5), 2 + index)
  }
}

/** A half-precision scale, extreme weight / -8, and 32 half bytes; the second 16 weights are the high halves. */
function encodeQ4Block(block: Float32Array, target: Buffer): void {
  const extreme = block.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0)
  const scale = Math.fround(extreme / -8)
  const inverse = inverseOf(scale)
  const nibble = (index: number) =>
    Math.min(15, Math.trunc(Math.fround(Math.fround((block[index] as number) * inverse) + 8.5)))
  target.writeUInt16LE(halfBits(scale))
  for (let index = 0; index < 16; index += 1) target[2 + index] = nibble(index) | (nibble(index + 16) << 4)
}

const inverseOf = (scale: number) => (scale === 0 ? 0 : Math.fround(1 / scale))
