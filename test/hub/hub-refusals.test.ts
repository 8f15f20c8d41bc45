import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askRevision } from '../../lib/hub/ask-revision.ts'
import { hubSettings } from '../../lib/hub/hub-settings.ts'
import { planPull } from '../../lib/hub/pull-repo.ts'
import { commit, gguf, source, stand, weights } from './stand.ts'

test('a token goes to the hub and to no other host', async () => {
  await using lab = await stand({ HF_TOKEN: 'hf_secret' })
  lab.hub.token = 'hf_secret'
  Object.assign(lab.hub.repos['org/name'] as object, { gated: true })
  await lab.pull(gguf)
  const tokens = (host: string) => lab.hub.seen.filter((seen) => seen.host === host).map((seen) => seen.authorization)
  expect(new Set(tokens('hub'))).toEqual(new Set(['Bearer hf_secret']))
  expect(tokens('cdn')).toEqual([undefined])
})

test('what cannot be had is one clear error', async () => {
  await using lab = await stand()
  const other = hubSettings({ HF_ENDPOINT: lab.hub.url, HF_HOME: lab.home, HF_TOKEN: 'hf_other' })
  const nowhere = hubSettings({ HF_ENDPOINT: 'http://127.0.0.1:1', HF_HOME: lab.home })
  const offline = hubSettings({ HF_HUB_OFFLINE: '1', HF_HOME: lab.home })
  lab.hub.repos['org/gated'] = { commit, files: { 'a.gguf': weights }, gated: true }
  lab.hub.repos['org/bin'] = { commit, files: { 'pytorch_model.bin': weights } }
  lab.hub.repos['org/ggufs'] = { commit, files: { 'a.gguf': weights, 'b-00001-of-00002.gguf': weights } }
  const told: string[] = []
  for (const [what, settings] of [
    [{ repo: 'org/gated', revision: 'main' }, lab.settings],
    [{ repo: 'org/gated', revision: 'main' }, other],
    [{ repo: 'org/none', revision: 'main' }, lab.settings],
    [{ repo: 'org/none', revision: 'main' }, other],
    [{ repo: 'org/name', revision: 'v9' }, lab.settings],
    [{ ...source, file: 'none.gguf' }, lab.settings],
    [{ repo: 'org/bin', revision: 'main' }, lab.settings],
    [{ repo: 'org/ggufs', revision: 'main' }, lab.settings],
    [{ repo: 'org/ggufs', revision: 'main', file: 'b-00001-of-00002.gguf' }, lab.settings],
    [source, nowhere],
    [source, offline],
  ] as const)
    told.push(await lab.refusal(planPull(what, { settings })))
  expect(told.join('\n')).toMatchInlineSnapshot(`
    "4 org/gated is gated: accept its licence at https://huggingface.co/org/gated, then set HF_TOKEN to a token of that account
    4 org/gated is gated, and the account of HF_TOKEN may not read it yet: accept its licence at https://huggingface.co/org/gated
    2 there is no org/none at HUB, or it is private: correct its name, or set HF_TOKEN to the token of an account that may read it
    2 there is no org/none at HUB, or it is private: correct its name, or set HF_TOKEN to the token of an account that may read it
    2 org/name has no revision v9: correct it
    2 org/name has no file none.gguf at aaaaaaaaaaaa: it has name.gguf
    2 org/bin has no safetensors: its weights are in a format that can run programs, which is not fetched; take a repository with safetensors
    2 org/ggufs has no safetensors: it has a.gguf, b-00001-of-00002.gguf: name one with file
    2 b-00001-of-00002.gguf is a part of a model: merge the parts with llama-gguf-split, and name the file by path
    4 cannot reach CDN (no answer): look at the network, or at HF_ENDPOINT; what is here already needs neither
    4 org/name is not here, and nothing may be asked of huggingface.co (--offline, HF_HUB_OFFLINE)"
  `)
  expect(told.join('')).not.toContain('hf_other')
})

test('files of a gated model whose list is open are refused with the page of its licence', async () => {
  await using lab = await stand()
  Object.assign(lab.hub.repos['org/name'] as object, { gated: 'files' })
  expect(await lab.refusal(lab.pull(gguf))).toBe(
    '4 org/name is gated: accept its licence at https://huggingface.co/org/name, then set HF_TOKEN to a token of that account',
  )
})

test('what has no room is refused before the first byte', async () => {
  await using lab = await stand()
  const extra = [{ rfilename: 'huge.gguf', size: 9e13, blobId: 'b'.repeat(40) }]
  lab.hub.repos['org/huge'] = { commit, files: {}, extra }
  const told = await lab.refusal(lab.pull({ repo: 'org/huge', revision: 'main', file: 'huge.gguf' }))
  expect(told.replace(/has [\d.]+ [GM]B free/, 'has FREE free')).toMatchInlineSnapshot(
    `"4 90000.0 GB are to be fetched, and /home/hub has FREE free: free some space, or name another folder with HF_HUB_CACHE"`,
  )
  expect(existsSync(join(lab.home, 'hub'))).toBe(false)
})

test('a disk that is full on the way, or that may not be written to, is told with its place', async () => {
  await using lab = await stand()
  mkdirSync(join(lab.repo, 'blobs'), { recursive: true })
  symlinkSync('/dev/full', lab.partial)
  expect(await lab.refusal(lab.pull(gguf))).toMatchInlineSnapshot(
    `"4 the disk of /home/hub/models--org--name is full: free some space; what is here stays, the same command goes on with it"`,
  )
  rmSync(lab.repo, { recursive: true })
  writeFileSync(lab.repo, 'no folder')
  expect(await lab.refusal(lab.pull(gguf))).toMatchInlineSnapshot(
    `"4 cannot write to /home/hub/models--org--name: a part of the path is a file: name another folder with HF_HUB_CACHE"`,
  )
})

test('names that lead out of a repository are refused before anything is fetched', async () => {
  await using lab = await stand()
  const names = [
    '../evil.json',
    '/etc/evil.json',
    'a/../../evil.json',
    'nul\0.json',
    'back\\slash.json',
    '',
    'c:evil.json',
    './x.json',
  ]
  const told: string[] = []
  for (const rfilename of names) {
    lab.hub.repos['org/evil'] = { commit, files: {}, extra: [{ rfilename, size: 3, blobId: 'b'.repeat(40) }] }
    told.push(await lab.refusal(planPull({ repo: 'org/evil', revision: 'main' }, { settings: lab.settings })))
  }
  expect(told.every((message) => message.includes('whose name leads elsewhere: nothing of it is fetched'))).toBe(true)
  for (const sibling of [
    { rfilename: 'a.json', size: -1, blobId: 'b'.repeat(40) },
    { rfilename: 'a.json', size: 3, blobId: '../../x' },
  ]) {
    lab.hub.repos['org/evil'] = { commit, files: {}, extra: [sibling] }
    expect(await lab.refusal(planPull({ repo: 'org/evil', revision: 'main' }, { settings: lab.settings }))).toMatch(
      /^4 the hub does not list org\/evil as it should/,
    )
  }
  expect(existsSync(join(lab.home, 'hub'))).toBe(false)
})

test('a plan asks for a branch only where the cache does not know it, and does without an answer', async () => {
  await using lab = await stand()
  const nowhere = hubSettings({ HF_ENDPOINT: 'http://127.0.0.1:1', HF_HOME: lab.home })
  const { repo } = source
  expect(await askRevision({ repo, revision: commit }, nowhere)).toBe(commit)
  expect(await askRevision(source, nowhere)).toBeUndefined()
  expect(await askRevision(source, { ...lab.settings, offline: true })).toBeUndefined()
  expect(lab.hub.seen).toEqual([])
  lab.hub.repos['org/mute'] = { commit, files: {}, mute: true }
  expect(await askRevision({ repo: 'org/mute', revision: 'main' }, lab.settings, 50)).toBeUndefined()
  expect(await askRevision({ repo, revision: 'v1' }, lab.settings)).toBe(commit)
  await lab.pull(gguf)
  const asked = lab.hub.seen.length
  expect(await askRevision(source, lab.settings)).toBe(commit)
  expect(lab.hub.seen.length).toBe(asked)
})

test('settings are those of Hugging Face: where its things are, its token file, its switches', () => {
  const home = mkdtempSync(join(tmpdir(), 'benchbook-hf-'))
  writeFileSync(join(home, 'token'), 'hf_kept\n')
  expect(hubSettings({ HF_HOME: home }).token).toBe('hf_kept')
  expect(hubSettings({ HF_HOME: home, HF_TOKEN: 'hf_given' }).token).toBe('hf_given')
  expect(hubSettings({ XDG_CACHE_HOME: '/c' }).cache).toBe('/c/huggingface/hub')
  expect(hubSettings({ HF_HOME: '/h' }, { cache: '/lab' }).cache).toBe('/lab')
  expect(hubSettings({ HF_HUB_CACHE: '/own', HF_HOME: '/h' }, { cache: '/lab' }).cache).toBe('/own')
  expect(['1', 'TRUE', 'yes', '0', ''].map((HF_HUB_OFFLINE) => hubSettings({ HF_HUB_OFFLINE }).offline)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  expect(() => hubSettings({ HF_TOKEN: 'hf secret' })).toThrow(
    'HF_TOKEN holds what no token may: spaces or unseen characters',
  )
  expect(() => hubSettings({ HF_ENDPOINT: 'https://me:pw@hub' })).toThrow(/^HF_ENDPOINT is no address/)
  rmSync(home, { recursive: true })
})
