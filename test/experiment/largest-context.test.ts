import { expect, test } from 'vitest'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { largestContext } from '../../lib/experiment/largest-context.ts'

const artifact = { path: 'm.gguf', description: randomModel(50e6, 'f16').description }
const context = (memoryBytes: number) => largestContext(artifact, { memoryBytes, repacked: [] })

test('the largest context that fits: all that the model knows, less, or none', () => {
  expect([1e9, 260e6, 230e6, 150e6].map(context)).toEqual([4096, 2048, 512, 0])
})

test('of a model or a memory that is not known nothing is said', () => {
  expect(largestContext({ path: 'm.gguf' }, { memoryBytes: 1e9, repacked: [] })).toBeUndefined()
  expect(largestContext(artifact, { repacked: [] })).toBeUndefined()
})
