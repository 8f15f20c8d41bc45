import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { resolveHf } from '../../lib/artifact/resolve-hub.ts'
import { ensureFiles } from '../../lib/lab/ensure-files.ts'
import { smallModel } from '../artifact/small-gguf.ts'
import { sha256 } from '../hub/hub-server.ts'

const [planned, later] = ['1'.repeat(40), '2'.repeat(40)]
const source = { kind: 'hf', repo: 'org/name', revision: 'main', file: 'm.gguf' } as const

async function cell() {
  const root = mkdtempSync(join(tmpdir(), 'benchbook-fetched-'))
  const hub = join(root, 'hf', 'hub')
  const repo = join(hub, 'models--org--name')
  const content = smallModel()
  for (const folder of ['blobs', 'refs', `snapshots/${planned}`]) mkdirSync(join(repo, folder), { recursive: true })
  const blob = join(repo, 'blobs', sha256(content))
  writeFileSync(blob, content)
  writeFileSync(join(repo, 'refs', 'main'), planned)
  symlinkSync(join('..', '..', 'blobs', sha256(content)), join(repo, 'snapshots', planned, 'm.gguf'))
  const artifact = await resolveHf(source, { hub, ollama: [] })
  const backend = { name: 'llama.cpp', kind: 'llama.cpp' }
  const place = { cwd: root, env: { HF_HOME: join(root, 'hf'), XDG_CACHE_HOME: join(root, 'cache') } }
  const ensure = () =>
    ensureFiles(
      { artifact, config: { artifact: source, backend } as unknown as Cell['config'] },
      {
        place,
        signal: new AbortController().signal,
        say: () => {},
      },
    )
  const refusal = async () => {
    const error: unknown = await ensure().catch((thrown: unknown) => thrown)
    if (!(error instanceof UserError)) throw new Error('no UserError', { cause: error })
    return `${error.exitCode} ${error.message.replaceAll(root, '/lab').replaceAll(planned, 'COMMIT')}`
  }
  return { artifact, repo, blob, ensure, refusal, [Symbol.dispose]: () => rmSync(root, { recursive: true }) }
}

test('a plan goes on with the commit that it was made with, wherever the branch is by then', async () => {
  using there = await cell()
  expect(there.artifact).toMatchObject({ commit: planned, bytes: 564 })
  writeFileSync(join(there.repo, 'refs', 'main'), later)
  expect(await there.ensure()).toEqual(there.artifact)
})

test('what was fetched and is damaged or gone by then is one clear error', async () => {
  using there = await cell()
  writeFileSync(there.blob, Buffer.concat([smallModel().subarray(0, -1), Buffer.from([1])]))
  const digest = sha256(smallModel())
  expect((await there.refusal()).replace(digest, 'DIGEST')).toMatchInlineSnapshot(
    `"4 /lab/hf/hub/models--org--name/blobs/DIGEST is damaged: its content is not what its name says; fetch it again, after benchbook models rm hf:org/name@COMMIT/m.gguf"`,
  )
  rmSync(there.blob)
  expect(await there.refusal()).toMatchInlineSnapshot(
    `"4 hf:org/name@COMMIT/m.gguf is not here: fetch it with benchbook models pull hf:org/name@COMMIT/m.gguf"`,
  )
})
