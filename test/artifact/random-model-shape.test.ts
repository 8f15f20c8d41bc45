import { expect, test } from 'vitest'
import { randomModelShape } from '../../lib/artifact/random-model-shape.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

const vocabulary = 512
function parametersOf({ width, layers, feedForward }: ReturnType<typeof randomModelShape>): number {
  const layer = 4 * width * width + 3 * width * feedForward + 2 * width
  return 2 * vocabulary * width + layers * layer + width
}

const random = randomSequence(3)
const sizes = [5e6, 50e6, 300e6, 1e9, ...Array.from({ length: 500 }, () => Math.round(5e6 * 200 ** random()))]

test('any size from 5 million to a billion is met within 2 %', () => {
  const errors = sizes.map((size) => Math.abs(parametersOf(randomModelShape(size, vocabulary)) / size - 1))
  expect(Math.max(...errors)).toBeLessThanOrEqual(0.02)
})

test('rows are multiples of what Q8_0 and Q4_0 need, and every matrix of the 4,096 weights of a piece', () => {
  for (const size of sizes) {
    const { width, heads, feedForward } = randomModelShape(size, vocabulary)
    expect([width % 256, feedForward % 32, (width * feedForward) % 4096, width / heads]).toEqual([0, 0, 0, 64])
  }
})

test('shapes look like those of real models', () => {
  expect([5e6, 50e6, 300e6, 1e9].map((size) => randomModelShape(size, vocabulary))).toMatchInlineSnapshot(`
    [
      {
        "feedForward": 672,
        "heads": 4,
        "layers": 6,
        "width": 256,
      },
      {
        "feedForward": 2048,
        "heads": 12,
        "layers": 7,
        "width": 768,
      },
      {
        "feedForward": 3488,
        "heads": 20,
        "layers": 15,
        "width": 1280,
      },
      {
        "feedForward": 5376,
        "heads": 32,
        "layers": 20,
        "width": 2048,
      },
    ]
  `)
})
