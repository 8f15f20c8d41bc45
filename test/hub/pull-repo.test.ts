import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planPull } from '../../lib/hub/pull-repo.ts'
import { gitDigest, sha256 } from './hub-server.ts'
import { commit, config, gguf, source, stand, weights } from './stand.ts'

test("a snapshot of what an engine needs is laid out as Hugging Face's own programs do", async () => {
  await using lab = await stand()
  const planned = await planPull(source, { settings: lab.settings })
  expect(planned).toMatchObject({ commit, code: ['modeling_name.py'], bytes: weights.length + config.length + 2 })
  expect(planned.missingBytes).toBe(planned.bytes)
  await lab.pull()
  expect(readdirSync(join(lab.repo, 'snapshots', commit)).toSorted()).toEqual([
    'config.json',
    'empty.json',
    'model.safetensors',
    'tokenizer.json',
  ])
  expect(readlinkSync(lab.snapshot('model.safetensors'))).toBe(join('..', '..', 'blobs', sha256(weights)))
  expect(readlinkSync(lab.snapshot('config.json'))).toBe(join('..', '..', 'blobs', gitDigest(config)))
  expect(readFileSync(lab.snapshot('model.safetensors'))).toEqual(weights)
  expect(readFileSync(join(lab.repo, 'refs', 'main'), 'utf8')).toBe(commit)
  expect((await planPull(source, { settings: lab.settings })).missingBytes).toBe(0)
  expect(readdirSync(join(lab.repo, 'blobs')).filter((name) => name.endsWith('.incomplete'))).toEqual([])
})

test('one file is fetched alone, and a blob that another name has is not fetched again', async () => {
  await using lab = await stand()
  await lab.pull(gguf)
  expect(readdirSync(join(lab.repo, 'snapshots', commit))).toEqual(['name.gguf'])
  const before = lab.hub.seen.filter(({ host }) => host === 'cdn').length
  await lab.pull()
  expect(lab.hub.seen.filter(({ host }) => host === 'cdn').length).toBe(before)
  expect(readFileSync(lab.snapshot('model.safetensors'))).toEqual(weights)
})

test('a connection that is cut is gone on with where it ended', async () => {
  await using lab = await stand()
  lab.hub.faults.push({ kind: 'cut', afterBytes: 100_000 }, { kind: 'cut', afterBytes: 50_000 })
  await lab.pull(gguf)
  const ranges = lab.hub.seen.filter(({ host }) => host === 'cdn').map(({ range }) => range)
  const starts = ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0))
  expect(starts.length).toBe(3)
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  expect(lab.waited.length).toBe(2)
  expect(lab.said[0]).toMatch(/^name\.gguf: the connection is lost \(.+\), once more in 1 s$/)
})

test('what a killed download has left is gone on with, and what it left wrong is fetched anew', async () => {
  await using lab = await stand()
  mkdirSync(join(lab.repo, 'blobs'), { recursive: true })
  writeFileSync(lab.partial, weights.subarray(0, 120_000))
  await lab.pull(gguf)
  expect(lab.hub.seen.at(-1)).toMatchObject({ range: 'bytes=120000-' })
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  for (const left of [Buffer.alloc(120_000, 1), Buffer.alloc(weights.length, 1), Buffer.alloc(weights.length + 5, 1)]) {
    rmSync(lab.repo, { recursive: true })
    mkdirSync(join(lab.repo, 'blobs'), { recursive: true })
    writeFileSync(lab.partial, left)
    await lab.pull(gguf)
    expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  }
})

test('a server that ignores ranges is read from the start, and one that is busy is asked again', async () => {
  await using lab = await stand()
  lab.hub.faults.push({ kind: 'cut', afterBytes: 100_000 }, { kind: 'no-range' })
  await lab.pull(gguf)
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  rmSync(lab.repo, { recursive: true })
  lab.hub.faults.push({ kind: 'status', status: 503 }, { kind: 'status', status: 429 })
  await lab.pull(gguf)
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  rmSync(lab.repo, { recursive: true })
  lab.hub.faults.push({ kind: 'silent', afterBytes: 10_000 })
  await lab.pull(gguf, { stallMs: 50 })
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
  expect(lab.said.at(-1)).toBe('name.gguf: nothing comes any more, once more in 1 s')
})

test('wrong bytes get no name, and a hub that stays away says so while what is here stays', async () => {
  await using lab = await stand()
  lab.hub.faults.push({ kind: 'wrong-bytes' })
  expect(await lab.refusal(lab.pull(gguf))).toMatchInlineSnapshot(
    `"4 name.gguf came with another digest than the hub has listed (7746f603692a): nothing of it is kept, try again"`,
  )
  expect(existsSync(lab.snapshot('name.gguf'))).toBe(false)
  expect(readdirSync(join(lab.repo, 'blobs'))).toEqual([])
  lab.hub.faults.push({ kind: 'other-commit' })
  expect(await lab.refusal(lab.pull(gguf))).toMatchInlineSnapshot(
    `"4 the hub answers for name.gguf of org/name with another file than it listed: try again later"`,
  )
  writeFileSync(lab.partial, weights.subarray(0, 1000))
  lab.hub.faults.push(...Array.from({ length: 9 }, () => ({ kind: 'status', status: 500 }) as const))
  expect(await lab.refusal(lab.pull(gguf))).toMatchInlineSnapshot(
    `"4 CDN answers with 500: look at the network, or at HF_ENDPOINT; what is here stays, the same command goes on with it"`,
  )
  expect(readFileSync(lab.partial).length).toBe(1000)
})

test('an interrupted download keeps what it has, and gives it no name', async () => {
  await using lab = await stand()
  const interrupt = new AbortController()
  lab.hub.faults.push({ kind: 'silent', afterBytes: 50_000 })
  const onProgress = ({ bytes }: { bytes: number }) => (bytes >= 50_000 ? interrupt.abort() : undefined)
  await expect(lab.pull(gguf, { signal: interrupt.signal, onProgress })).rejects.toThrow('aborted')
  expect(readFileSync(lab.partial)).toEqual(weights.subarray(0, 50_000))
  expect(existsSync(lab.snapshot('name.gguf'))).toBe(false)
  await lab.pull(gguf)
  expect(readFileSync(lab.snapshot('name.gguf'))).toEqual(weights)
})

test('two downloads of one file are one', async () => {
  await using lab = await stand()
  lab.hub.faults.push({ kind: 'cut', afterBytes: 100_000 })
  await Promise.all([lab.pull(gguf), lab.pull(gguf)])
  const cdn = lab.hub.seen.filter(({ host }) => host === 'cdn')
  expect(cdn.length).toBe(2)
  expect(lab.said.some((line) => /^name\.gguf: waiting for process \d+, which fetches it$/.test(line))).toBe(true)
})
