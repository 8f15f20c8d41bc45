import { existsSync, readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ensureArtifact } from '../../lib/artifact/ensure-artifact.ts'
import { llamaLibrary } from '../../lib/artifact/llama-library.ts'
import { quantizeModel } from '../../lib/artifact/quantize-model.ts'
import { quantizeRecipe } from '../../lib/artifact/quantize-recipe.ts'
import { resolveArtifact } from '../../lib/artifact/resolve-artifact.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { smallModel, temporaryFolder } from './small-gguf.ts'

const library = llamaLibrary()?.folder as string
const demo = { kind: 'path', path: 'data/models/demo/demo-f16.gguf' } as const

const foldersIn = (folder: { file: (name: string) => string }) => ({
  roots: [process.cwd()],
  random: folder.file('random'),
  quantized: folder.file('quantized'),
  digestCache: folder.file('digests.json'),
  hub: '/nowhere',
  ollama: [],
})

async function refusal(work: Promise<unknown>, folder: string): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof UserError)) throw new Error('no UserError', { cause: error })
  return error.message.replaceAll(folder, '<folder>')
}

test('a quantized model is known before it is made, made on first use, and is what llama-quantize makes', async () => {
  await using folder = await temporaryFolder()
  const folders = foldersIn(folder)
  const source = { kind: 'quantize', from: demo, to: 'q4_k_m' } as const
  const planned = await resolveArtifact(source, folders)
  expect(planned).not.toHaveProperty('bytes')
  expect(planned.description).toMatchObject({ parameters: 3_934_464, fileType: 'Q4_K_M', estimated: true })
  const said: string[] = []
  const made = await ensureArtifact(planned, source, { folders, say: (line) => said.push(line) })
  expect(said).toEqual([`quantizing ${process.cwd()}/data/models/demo/demo-f16.gguf to q4_k_m: only the first time`])
  // The same bytes on the machine that the demo was made on; other processors round some weights otherwise.
  expect(made.bytes).toBe(statSync('data/models/demo/demo-q4_k_m.gguf').size)
  expect(made.description).not.toHaveProperty('estimated')
  const { tensorBytes = 0 } = planned.description ?? {}
  expect(Math.abs(tensorBytes / made.description.tensorBytes - 1)).toBeLessThan(0.1)
  const again = await resolveArtifact(source, folders)
  expect(again).toMatchObject({ digest: planned.digest, path: made.path, bytes: made.bytes })
  await ensureArtifact(again, source, { folders, say: (line) => said.push(line) })
  expect(said.length).toBe(1)
  expect(readdirSync(folder.file('quantized'))).toEqual([made.path.split('/').at(-1)])
})

test('rows that do not suit the format are told', async () => {
  await using folder = await temporaryFolder()
  const folders = foldersIn(folder)
  const source = { kind: 'quantize', from: { kind: 'random', parameters: 5e6, type: 'f16' }, to: 'q5_k_m' } as const
  const said: string[] = []
  const planned = await resolveArtifact(source, folders)
  const { path, description } = await ensureArtifact(planned, source, { folders, say: (line) => said.push(line) })
  expect(said.map((line) => line.replaceAll(folder.path, '<folder>').replaceAll(/-[0-9a-f]{8}\./g, '-DIGEST.')))
    .toMatchInlineSnapshot(`
    [
      "generating <folder>/random/random-5m-f16-DIGEST.gguf: random weights, only the first time",
      "quantizing <folder>/random/random-5m-f16-DIGEST.gguf to q5_k_m: only the first time",
      "<folder>/quantized/random-5m-q5_k_m-DIGEST.gguf: 6 tensors have rows of 672 weights, no multiple of 256: llama.cpp gave them a type with more bits",
    ]
  `)
  expect(path).toMatch(/random-5m-q5_k_m-[0-9a-f]{8}\.gguf$/)
  expect(description).toMatchObject({ fileType: 'Q5_K_M', randomWeights: true })
})

test('what llama.cpp refuses is one message, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('small.gguf'), smallModel())
  const options = { to: 'q4_0', path: folder.file('out/x.gguf'), bytes: 100, library } as const
  expect(
    await refusal(quantizeModel({ ...options, from: folder.file('small.gguf') }), folder.path),
  ).toMatchInlineSnapshot(
    `"small.gguf could not be quantized to q4_0: llama.cpp ended with code 1: key not found in model: llama.embedding_length"`,
  )
  expect(
    await refusal(quantizeModel({ ...options, from: folder.file('none.gguf') }), folder.path),
  ).toMatchInlineSnapshot(
    `"none.gguf could not be quantized to q4_0: llama.cpp ended with code 1: llama_model_loader: failed to load model from <folder>/none.gguf"`,
  )
  expect(readdirSync(folder.file('out'))).toEqual([])
})

test('a disk that is too small is told before anything is written', async () => {
  await using folder = await temporaryFolder()
  const work = quantizeModel({ from: 'x.gguf', to: 'q4_0', path: folder.file('x.gguf'), bytes: 1e18, library })
  expect((await refusal(work, folder.path)).replace(/has \d+ MB/, 'has N MB')).toMatchInlineSnapshot(
    `"<folder>/x.gguf would take about 1000000000064 MB, its disk has N MB free: free some space"`,
  )
  expect(existsSync(folder.file('x.gguf'))).toBe(false)
})

test('a stop leaves no file', async () => {
  await using folder = await temporaryFolder()
  const stop = AbortSignal.abort(new Error('stopped'))
  const from = `${process.cwd()}/data/models/demo/demo-f16.gguf`
  const path = folder.file('x.gguf')
  await expect(quantizeModel({ from, to: 'q4_0', path, bytes: 1, library, signal: stop })).rejects.toThrow('stopped')
  expect(readdirSync(folder.path)).toEqual([])
})

test('the recipe decides the digest: what it starts from, the format, the release', async () => {
  await using folder = await temporaryFolder()
  const from = await resolveArtifact(demo, foldersIn(folder))
  const digests = [
    quantizeRecipe(from, 'q4_0', 'r 1'),
    quantizeRecipe(from, 'q4_0', 'r 1'),
    quantizeRecipe(from, 'q4_1', 'r 1'),
    quantizeRecipe(from, 'q4_0', 'r 2'),
    quantizeRecipe({ ...from, digest: 'other' }, 'q4_0', 'r 1'),
  ].map(({ digest }) => digest)
  expect(new Set(digests).size).toBe(4)
  expect(digests[0]).toBe(digests[1])
})

test('what is quantized already is not quantized again', async () => {
  await using folder = await temporaryFolder()
  const from = { kind: 'path', path: 'data/models/demo/demo-q8_0.gguf' } as const
  expect(
    await refusal(resolveArtifact({ kind: 'quantize', from, to: 'q4_0' }, foldersIn(folder)), folder.path),
  ).toMatchInlineSnapshot(
    `"demo-q8_0.gguf is quantized already (Q8_0), and quantizing it again would lose more than the format does: start from f16, bf16 or f32"`,
  )
})
