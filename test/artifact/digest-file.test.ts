import { createHash } from 'node:crypto'
import { readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { digestFile } from '../../lib/artifact/digest-file.ts'
import { temporaryFolder } from './small-gguf.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
/** Whole seconds, which every file system keeps. */
const past = new Date('2024-01-01T00:00:00Z')
async function writeAt(path: string, text: string, time: Date): Promise<void> {
  await writeFile(path, text)
  await utimes(path, time, time)
}

test('a digest is the SHA-256 of the bytes', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('a'), 'hello')
  expect(await digestFile(folder.file('a'), folder.file('cache/digests.json'))).toEqual({
    digest: sha256('hello'),
    bytes: 5,
  })
})

test('a file with the size and time of last time is not read again', async () => {
  await using folder = await temporaryFolder()
  const digest = async () => (await digestFile(folder.file('a'), folder.file('digests.json'))).digest
  await writeAt(folder.file('a'), 'hello', past)
  expect(await digest()).toBe(sha256('hello'))
  await writeAt(folder.file('a'), 'jello', past)
  expect(await digest()).toBe(sha256('hello'))
})

test('a file with another size or time is read anew', async () => {
  await using folder = await temporaryFolder()
  const digest = async () => (await digestFile(folder.file('a'), folder.file('digests.json'))).digest
  await writeAt(folder.file('a'), 'hello', past)
  await digest()
  await writeAt(folder.file('a'), 'hello!', past)
  expect(await digest()).toBe(sha256('hello!'))
  await writeAt(folder.file('a'), 'jello!', new Date(past.getTime() + 1000))
  expect(await digest()).toBe(sha256('jello!'))
})

test('a damaged cache is ignored and replaced', async () => {
  await using folder = await temporaryFolder()
  const cache = folder.file('digests.json')
  await writeAt(folder.file('a'), 'hello', past)
  const entry = { bytes: 5, modifiedNs: `${past.getTime()}000000`, digest: 'not a digest' }
  const damaged = ['{"ver', '[]', 'null', '{"version":1,"files":3}', '{"version":2}']
  for (const text of [...damaged, JSON.stringify({ version: 1, files: { [folder.file('a')]: entry } })]) {
    await writeFile(cache, text)
    expect((await digestFile(folder.file('a'), cache)).digest).toBe(sha256('hello'))
    expect(JSON.parse(await readFile(cache, 'utf8'))).toEqual({
      version: 1,
      files: { [folder.file('a')]: { ...entry, digest: sha256('hello') } },
    })
  }
})

test('a cache that cannot be written costs nothing but the next reading', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('a'), 'hello')
  expect((await digestFile(folder.file('a'), folder.file('a/digests.json'))).digest).toBe(sha256('hello'))
  expect((await stat(folder.file('a'))).size).toBe(5)
})

test('a reading can be stopped', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('a'), 'hello')
  const stopped = digestFile(folder.file('a'), folder.file('digests.json'), AbortSignal.abort())
  await expect(stopped).rejects.toThrow('aborted')
})
