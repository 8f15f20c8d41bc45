import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { RandomType } from '../../lib/domain/cell.ts'
import { exitCodes, UserError } from '../../lib/domain/user-error.ts'
import { describeGguf } from '../../lib/artifact/describe-gguf.ts'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { readGgufHeader } from '../../lib/artifact/read-gguf.ts'
import { temporaryFolder } from './small-gguf.ts'

const types: readonly RandomType[] = ['f16', 'q8_0', 'q4_0']

test('the written file is as long as planned, is described as planned, and has the same bytes on every machine', async () => {
  await using folder = await temporaryFolder()
  const digests: Record<string, string> = {}
  for (const type of types) {
    const model = randomModel(5e6, type)
    const path = folder.file(model.fileName)
    await generateRandomModel(model, path)
    const bytes = await readFile(path)
    expect(bytes.length).toBe(model.bytes)
    expect(describeGguf(readGgufHeader(path))).toEqual(model.description)
    digests[type] = createHash('sha256').update(bytes).digest('hex')
  }
  expect(digests).toMatchInlineSnapshot(`
    {
      "f16": "004c53bd21638d89e3f3ad951d631f1abf4d710636aabc567c3cee33a75a173b",
      "q4_0": "ebe77b004d973d2a4159b1b5357e2290e8f7e17fa4b7d143c601e524f68f8bdc",
      "q8_0": "18f63cfdf8340c1fa0e7d2df6b651fc7df15de72fcd0c4927f6787c4f0065fda",
    }
  `)
})

test('two that generate one model at once leave one whole file', async () => {
  await using folder = await temporaryFolder()
  const model = randomModel(5e6, 'q4_0')
  const path = folder.file('new/model.gguf')
  await Promise.all([generateRandomModel(model, path), generateRandomModel(model, path)])
  expect(await readdir(folder.file('new'))).toEqual(['model.gguf'])
  expect(describeGguf(readGgufHeader(path))).toEqual(model.description)
})

test('a generation that is stopped leaves nothing behind', async () => {
  await using folder = await temporaryFolder()
  const generating = generateRandomModel(randomModel(5e6, 'f16'), folder.file('model.gguf'), AbortSignal.abort())
  await expect(generating).rejects.toThrow('aborted')
  expect(await readdir(folder.path)).toEqual([])
})

test('what a killed generation left is taken away, what one that runs has written is not', async () => {
  await using folder = await temporaryFolder()
  const ended = spawnSync(process.execPath, ['--version']).pid
  await writeFile(folder.file(`model.gguf.${ended}.abc.tmp`), 'half')
  await writeFile(folder.file(`model.gguf.${process.pid}.abc.tmp`), 'half')
  await writeFile(folder.file('model.gguf.mine'), 'whole')
  await generateRandomModel(randomModel(5e6, 'q4_0'), folder.file('model.gguf'))
  const left = (await readdir(folder.path)).toSorted()
  expect(left).toEqual(['model.gguf', `model.gguf.${process.pid}.abc.tmp`, 'model.gguf.mine'])
})

test('a place that cannot be written is one clear message', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('taken'), '')
  const path = folder.file('taken/model.gguf')
  const error: unknown = await generateRandomModel(randomModel(5e6, 'q4_0'), path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).exitCode).toBe(exitCodes.unavailable)
  expect((error as UserError).message.replace(folder.path, '<folder>')).toMatchInlineSnapshot(
    `"cannot write <folder>/taken/model.gguf (2,801,824 bytes of generated weights): a part of the path is a file: move it away"`,
  )
})

test('a folder in the place of the model is one clear message', async () => {
  await using folder = await temporaryFolder()
  await mkdir(folder.file('model.gguf'))
  const generating = generateRandomModel(randomModel(5e6, 'q4_0'), folder.file('model.gguf'))
  await expect(generating).rejects.toThrow('a folder has its name: move it away')
  expect(await readdir(folder.path)).toEqual(['model.gguf'])
})
