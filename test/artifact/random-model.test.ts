import { expect, test } from 'vitest'
import { randomModel } from '../../lib/artifact/random-model.ts'

test('a recipe gives the same digest and name for ever, and another recipe another digest', () => {
  const { digest, fileName } = randomModel(50e6, 'q8_0')
  expect([digest, fileName]).toMatchInlineSnapshot(`
    [
      "4cbaddb2020d930307d081a04949d8f7b7f61405472375df3f3c37f6640427f9",
      "random-50m-q8_0-4cbaddb2.gguf",
    ]
  `)
  const others = [randomModel(50e6, 'q4_0'), randomModel(50e6, 'f16'), randomModel(51e6, 'q8_0')]
  expect(new Set([digest, ...others.map((model) => model.digest)]).size).toBe(4)
})

test('a model is known before it is written, and says that its weights are random', () => {
  const { bytes, header, description } = randomModel(5e6, 'q4_0')
  expect(description).toMatchInlineSnapshot(`
    {
      "architecture": "llama",
      "chatTemplate": true,
      "contextLength": 4096,
      "fileType": "Q4_0",
      "format": "gguf",
      "parameters": 4934912,
      "randomWeights": true,
      "shape": {
        "feedForward": 672,
        "heads": 4,
        "kvPerToken": 3072,
        "layers": 6,
        "matrixBytes": {
          "Q4_0": 2700288,
        },
        "width": 256,
      },
      "tensorBytes": 2787328,
      "vocabulary": 512,
    }
  `)
  expect(bytes).toBeGreaterThanOrEqual(header.length + description.tensorBytes)
})

test('a file is named after its size', () => {
  const names = [5e6, 12.5e6, 999e6, 1e9].map((size) => randomModel(size, 'f16').fileName.replace(/-\w{8}\.gguf$/, ''))
  expect(names).toEqual(['random-5m-f16', 'random-12.5m-f16', 'random-999m-f16', 'random-1b-f16'])
})

test('a size that is too small, too large or no whole number is refused', () => {
  expect(() => randomModel(4e6, 'f16')).toThrowErrorMatchingInlineSnapshot(
    `[UserError: a random model has 5e6 to 1e9 parameters, and not 4000000: state another number]`,
  )
  for (const size of [2e9, 5e6 + 0.5, NaN]) expect(() => randomModel(size, 'f16')).toThrow(/has 5e6 to 1e9 parameters/)
})
