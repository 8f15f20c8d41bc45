import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { type FileSource, resolveArtifact } from '../../lib/artifact/resolve-artifact.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { smallModel, temporaryFolder } from './small-gguf.ts'

async function labFolder() {
  const folder = await temporaryFolder()
  await mkdir(folder.file('lab'))
  await mkdir(folder.file('package'))
  const folders = {
    roots: [folder.file('lab'), folder.file('package')],
    random: folder.file('lab/random'),
    quantized: folder.file('lab/quantized'),
    digestCache: folder.file('lab/digests.json'),
    hub: '/nowhere',
    ollama: [],
  }
  const problem = async (source: FileSource) => {
    const error: unknown = await resolveArtifact(source, folders).catch((thrown: unknown) => thrown)
    if (!(error instanceof UserError)) throw new Error('no UserError', { cause: error })
    return error.message.replaceAll(folder.path, '<folder>')
  }
  return { ...folder, folders, problem, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] }
}

test('a file is found, digested and described', async () => {
  await using lab = await labFolder()
  const bytes = smallModel()
  await writeFile(lab.file('lab/m.gguf'), bytes)
  const identity = await resolveArtifact({ kind: 'path', path: 'm.gguf' }, lab.folders)
  expect(identity).toMatchObject({
    digest: createHash('sha256').update(bytes).digest('hex'),
    path: lab.file('lab/m.gguf'),
    bytes: bytes.length,
    description: { parameters: 101, fileType: 'Q4_0' },
  })
})

test("the lab's file comes before the package's, and an absolute path before both", async () => {
  await using lab = await labFolder()
  const path = async (name: string) => (await resolveArtifact({ kind: 'path', path: name }, lab.folders)).path
  await writeFile(lab.file('package/m.gguf'), smallModel())
  expect(await path('m.gguf')).toBe(lab.file('package/m.gguf'))
  await writeFile(lab.file('lab/m.gguf'), smallModel())
  expect(await path('m.gguf')).toBe(lab.file('lab/m.gguf'))
  expect(await path(lab.file('package/m.gguf'))).toBe(lab.file('package/m.gguf'))
})

test('a file that is missing, a folder, cut off or something else is one clear message', async () => {
  await using lab = await labFolder()
  await mkdir(lab.file('lab/folder.gguf'))
  await writeFile(lab.file('lab/cut.gguf'), smallModel().subarray(0, -40))
  await writeFile(lab.file('lab/text.gguf'), '<!doctype html>')
  expect(await lab.problem({ kind: 'path', path: 'data/none.gguf' })).toMatchInlineSnapshot(
    `"model file data/none.gguf does not exist (looked for <folder>/lab/data/none.gguf and <folder>/package/data/none.gguf): correct the path, or put the file there"`,
  )
  expect(await lab.problem({ kind: 'path', path: 'folder.gguf' })).toMatchInlineSnapshot(
    `"folder.gguf is a folder: name the .gguf file itself, or a folder with safetensors"`,
  )
  expect(await lab.problem({ kind: 'path', path: '/dev/null' })).toMatchInlineSnapshot(
    `"/dev/null is no regular file: name the .gguf file itself, or a folder with safetensors"`,
  )
  expect(await lab.problem({ kind: 'path', path: 'cut.gguf' })).toMatchInlineSnapshot(
    `"cut.gguf is 524 bytes, its tensors end at 564: it is truncated; fetch it again"`,
  )
  expect(await lab.problem({ kind: 'path', path: 'text.gguf' })).toMatchInlineSnapshot(
    `"text.gguf cannot be read as a GGUF model: it begins with "<!do", not with "GGUF"; fetch it again, or name another file"`,
  )
})

test('generated weights are described without being there, and have a size once they are', async () => {
  await using lab = await labFolder()
  const source = { kind: 'random', parameters: 5e6, type: 'q4_0' } as const
  const { digest, fileName, bytes, description } = randomModel(5e6, 'q4_0')
  const planned = { digest, path: lab.file(`lab/random/${fileName}`), description }
  expect(await resolveArtifact(source, lab.folders)).toEqual(planned)
  await mkdir(lab.file('lab/random'))
  await writeFile(planned.path, 'cut off')
  expect(await resolveArtifact(source, lab.folders)).toEqual(planned)
  await writeFile(planned.path, Buffer.alloc(bytes))
  expect(await resolveArtifact(source, lab.folders)).toEqual({ ...planned, bytes })
})
