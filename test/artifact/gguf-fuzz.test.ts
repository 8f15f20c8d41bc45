import { expect, test } from 'vitest'
import { describeGguf } from '../../lib/artifact/describe-gguf.ts'
import { parseGgufHeader } from '../../lib/artifact/gguf-header.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { smallModel, sourceOf } from './small-gguf.ts'

type Outcome = { kind: 'described' | 'refused'; readBytes: number }

/** What reading these bytes comes to; anything but a description or a `UserError` is thrown on. */
function read(bytes: Buffer, claimedBytes = bytes.length): Outcome {
  const source = sourceOf(bytes, claimedBytes)
  let readBytes = 0
  const counted = {
    ...source,
    read: (offset: number, length: number) => {
      readBytes += length
      return source.read(offset, length)
    },
  }
  try {
    describeGguf(parseGgufHeader(counted))
    return { kind: 'described', readBytes }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { kind: 'refused', readBytes }
  }
}

function mutated(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes)
  const changes = 1 + Math.floor(random() * 4)
  for (let change = 0; change < changes; change += 1) {
    const place = Math.floor(random() * copy.length)
    copy[place] = random() < 0.3 ? 0xff : Math.floor(random() * 256)
  }
  return random() < 0.3 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy
}

const outcomesOf = (bytes: Buffer, rounds: number, claimedBytes?: number) => {
  const random = randomSequence(1)
  return Array.from({ length: rounds }, () => read(mutated(bytes, random), claimedBytes))
}

test('a small model with damaged bytes is described or refused, and read once at most', () => {
  const model = smallModel()
  const outcomes = outcomesOf(model, 20_000)
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['described', 'refused']))
  expect(Math.max(...outcomes.map(({ readBytes }) => readBytes))).toBeLessThanOrEqual(model.length)
})

test('a generated header with damaged bytes, in a file that claims to be huge, is read once at most', () => {
  const { header } = randomModel(5e6, 'q4_0')
  const outcomes = outcomesOf(header, 1000, 2 ** 45)
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['described', 'refused']))
  expect(Math.max(...outcomes.map(({ readBytes }) => readBytes))).toBeLessThanOrEqual(2 * 256 * 1024)
})

test('a model cut off at any byte is refused', () => {
  const model = smallModel()
  for (let bytes = 0; bytes < model.length; bytes += 1) expect(read(model.subarray(0, bytes)).kind).toBe('refused')
  expect(read(model).kind).toBe('described')
})
