import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import type { RandomType } from '../../lib/domain/cell.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchbook-random-model-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = 'Größe ☃ of the model\n'

async function generate(type: RandomType) {
  const model = randomModel(5e6, type)
  const modelPath = join(folder, model.fileName)
  await generateRandomModel(model, modelPath)
  await using llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
  })
  await using loaded = await llama.loadModel({ modelPath })
  await using context = await loaded.createContext({ contextSize: 256, threads: 1 })
  const prompt = loaded.tokenize(text)
  const tokens: number[] = []
  for await (const token of context.getSequence().evaluate(prompt, { temperature: 0, yieldEogToken: true }))
    if (tokens.push(token) === 16) break
  return { model, tokens, size: loaded.size, context: loaded.trainContextSize, back: loaded.detokenize(prompt) }
}

for (const type of ['f16', 'q8_0', 'q4_0'] as const)
  test(`llama.cpp loads a random ${type} model, agrees about its size, keeps text whole and generates`, async () => {
    const { model, tokens, size, context, back } = await generate(type)
    expect(size).toBe(model.description.tensorBytes)
    expect(context).toBe(model.description.contextLength)
    expect(back).toBe(text)
    expect(new Set(tokens).size).toBeGreaterThan(1)
  })
