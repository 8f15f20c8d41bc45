import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { cachedRemoval } from '../../lib/hub/remove-repo.ts'

const [one, two] = ['1'.repeat(40), '2'.repeat(40)]

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A cache in which a repository has two commits that share a file, and one of them a link to outside. */
function cacheOf() {
  const folder = mkdtempSync(join(tmpdir(), 'benchbook-rm-'))
  const repo = join(folder, 'hub', 'models--org--name')
  const link = (commit: string, name: string, target: string) => {
    const path = join(repo, 'snapshots', commit, name)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
  }
  write(join(folder, 'own.gguf'), 'mine')
  write(join(repo, 'blobs', 'shared'), 'shared')
  write(join(repo, 'blobs', 'old'), 'older')
  write(join(repo, 'blobs', 'half.benchbook.incomplete'), 'hal')
  write(join(repo, 'refs', 'main'), two)
  write(join(repo, 'refs', 'v1'), one)
  link(one, 'a.gguf', '../../blobs/shared')
  link(one, 'sub/b.json', '../../../blobs/old')
  link(one, 'c.gguf', join(folder, 'own.gguf'))
  link(two, 'a.gguf', '../../blobs/shared')
  return { folder, repo, cache: join(folder, 'hub'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

test('a commit goes with what no other needs, and nothing goes to which a link leads outside', async () => {
  using there = cacheOf()
  const removal = cachedRemoval({ repo: 'org/name', revision: 'v1' }, there.cache)
  expect(removal?.bytes).toBe('older'.length + 'hal'.length)
  await removal?.remove()
  expect(readdirSync(join(there.repo, 'blobs'))).toEqual(['shared'])
  expect(readdirSync(join(there.repo, 'snapshots'))).toEqual([two])
  expect(readdirSync(join(there.repo, 'refs'))).toEqual(['main'])
  expect(existsSync(join(there.folder, 'own.gguf'))).toBe(true)
})

test('one file goes alone, and with the last one the whole folder', async () => {
  using there = cacheOf()
  await cachedRemoval({ repo: 'org/name', revision: 'main', file: 'a.gguf' }, there.cache)?.remove()
  expect(readdirSync(join(there.repo, 'blobs')).toSorted()).toEqual(['half.benchbook.incomplete', 'old', 'shared'])
  await cachedRemoval({ repo: 'org/name', revision: one }, there.cache)?.remove()
  expect(existsSync(there.repo)).toBe(false)
  expect(cachedRemoval({ repo: 'org/name', revision: one }, there.cache)).toBeUndefined()
})
