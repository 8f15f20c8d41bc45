import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../lib/domain/user-error.ts'
import { partialEnding } from '../../lib/hub/hf-cache.ts'
import { hubSettings } from '../../lib/hub/hub-settings.ts'
import { planPull, type PullContext, type RepoSource } from '../../lib/hub/pull-repo.ts'
import { HubServer, sha256 } from './hub-server.ts'

export const commit = 'a'.repeat(40)
export const weights = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) & 255))
export const config = Buffer.from('{"model_type":"llama"}')
export const source: RepoSource = { repo: 'org/name', revision: 'main' }
export const gguf: RepoSource = { ...source, file: 'name.gguf' }

/** A hub with one repository, and an empty cache. */
export async function stand(env: Record<string, string> = {}) {
  const hub = await HubServer.start()
  const home = mkdtempSync(join(tmpdir(), 'benchbook-hub-'))
  const files = {
    'model.safetensors': weights,
    'config.json': config,
    'tokenizer.json': Buffer.from('{}'),
    'pytorch_model.bin': weights,
    'original/consolidated.safetensors': weights,
    'consolidated.safetensors': weights,
    'modeling_name.py': Buffer.from('import os'),
    'name.gguf': weights,
    'empty.json': Buffer.alloc(0),
  }
  hub.repos['org/name'] = { commit, files, lfs: /safetensors|gguf|bin/, branches: ['v1'] }
  const settings = hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: home, ...env })
  const repo = join(home, 'hub', 'models--org--name')
  const said: string[] = []
  const waited: number[] = []
  const context = (change: Partial<PullContext> = {}): Omit<PullContext, 'settings'> => ({
    signal: new AbortController().signal,
    say: (line) => said.push(line),
    onProgress: () => {},
    wait: async (ms) => void waited.push(ms),
    ...change,
  })
  const pull = async (what: RepoSource = source, change?: Partial<PullContext>) =>
    (await planPull(what, { settings })).run(context(change))
  const refusal = async (work: Promise<unknown>) => {
    const error: unknown = await work.catch((thrown: unknown) => thrown)
    if (!(error instanceof UserError)) throw new Error('no UserError', { cause: error })
    return `${error.exitCode} ${error.message
      .replaceAll(new URL(hub.url).host, 'HUB')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'CDN')
      .replaceAll(home, '/home')}`
  }
  const snapshot = (name: string) => join(repo, 'snapshots', commit, name)
  const partial = join(repo, 'blobs', `${sha256(weights)}${partialEnding}`)
  return {
    hub,
    home,
    settings,
    repo,
    said,
    waited,
    pull,
    refusal,
    snapshot,
    partial,
    files,
    async [Symbol.asyncDispose]() {
      rmSync(home, { recursive: true, force: true })
      await hub[Symbol.asyncDispose]()
    },
  }
}
