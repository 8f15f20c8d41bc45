import { readFile, rm, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { ensureArtifact } from '../../lib/artifact/ensure-artifact.ts'
import { resolveArtifact } from '../../lib/artifact/resolve-artifact.ts'
import { smallModel, temporaryFolder } from './small-gguf.ts'

const random = { kind: 'random', parameters: 5e6, type: 'q4_0' } as const

async function resolvedIn(folder: Awaited<ReturnType<typeof temporaryFolder>>) {
  const folders = {
    roots: [folder.path],
    random: folder.file('random'),
    quantized: folder.file('quantized'),
    digestCache: folder.file('digests.json'),
    hub: '/nowhere',
    ollama: [],
  }
  await writeFile(folder.file('m.gguf'), smallModel())
  const source = { kind: 'path', path: 'm.gguf' } as const
  return {
    folders,
    source,
    file: await resolveArtifact(source, folders),
    generated: await resolveArtifact(random, folders),
  }
}
const messageOf = async (work: Promise<unknown>, folder: string) => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  return error instanceof UserError ? error.message.replaceAll(folder, '<folder>') : error
}

test('random weights are generated on first use and left alone afterwards', async () => {
  await using folder = await temporaryFolder()
  const { folders, generated } = await resolvedIn(folder)
  const present = await ensureArtifact(generated, random, { folders })
  const first = await readFile(present.path)
  expect(first.length).toBe(present.bytes)
  const marked = Buffer.from(first).fill(1, first.length - 1)
  await writeFile(present.path, marked)
  await ensureArtifact(generated, random, { folders })
  expect(marked.equals(await readFile(present.path))).toBe(true)
})

test('random weights of another length than planned are generated again', async () => {
  await using folder = await temporaryFolder()
  const { folders, generated } = await resolvedIn(folder)
  const { path, bytes } = await ensureArtifact(generated, random, { folders })
  await writeFile(path, 'cut off')
  await ensureArtifact(generated, random, { folders })
  expect((await readFile(path)).length).toBe(bytes)
})

test("another generator's recipe is refused", async () => {
  await using folder = await temporaryFolder()
  const { folders, generated } = await resolvedIn(folder)
  const old = { ...generated, digest: 'ab'.repeat(32) }
  expect(await messageOf(ensureArtifact(old, random, { folders }), folder.path)).toMatchInlineSnapshot(
    `"the plan's random model was made by another version of the generator (abababab, now 2067281b): plan again"`,
  )
})

test('a model file that is there and as long as it was is present', async () => {
  await using folder = await temporaryFolder()
  const { folders, source, file } = await resolvedIn(folder)
  expect(await ensureArtifact(file, source, { folders })).toEqual(file)
})

test('a model file that is gone or has another length is one clear message', async () => {
  await using folder = await temporaryFolder()
  const { folders, source, file } = await resolvedIn(folder)
  await writeFile(file.path, Buffer.concat([smallModel(), Buffer.alloc(1)]))
  expect(await messageOf(ensureArtifact(file, source, { folders }), folder.path)).toMatchInlineSnapshot(
    `"model file <folder>/m.gguf was 564 bytes when the plan was made and is 565 now: put the old one back, or plan again"`,
  )
  await rm(file.path)
  expect(await messageOf(ensureArtifact(file, source, { folders }), folder.path)).toMatchInlineSnapshot(
    `"model file <folder>/m.gguf is gone: put it back, or plan again"`,
  )
})
