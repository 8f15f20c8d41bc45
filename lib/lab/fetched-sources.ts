import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RemoteFolders } from '../artifact/resolve-hub.ts'
import type { RemoteSource } from '../domain/artifact-name.ts'
import { CachedRepo, cachedRepos, namesIn } from '../hub/hf-cache.ts'
import { ollamaNames } from '../hub/ollama-store.ts'

/** The models that Hugging Face's cache and Ollama's stores have: those in safetensors, and every GGUF file. */
export function fetchedSources({ hub, ollama }: Pick<RemoteFolders, 'hub' | 'ollama'>): RemoteSource[] {
  const names = [...new Set(ollama.flatMap(ollamaNames))]
  return [
    ...cachedRepos(hub).flatMap((repo) => ofRepo(repo, hub)),
    ...names.map((name) => ({ kind: 'ollama', name }) as const),
  ]
}

function ofRepo(repo: string, hub: string): RemoteSource[] {
  const cached = new CachedRepo(hub, repo)
  const main = cached.commitOf('main')
  const found = cached.commits().flatMap((commit): RemoteSource[] => {
    const revision = commit === main ? 'main' : commit
    const files = namesIn(cached.snapshot(commit)).filter((name) => existsSync(join(cached.snapshot(commit), name)))
    const gguf = files.filter((name) => name.endsWith('.gguf'))
    return [
      ...(files.some((name) => name.endsWith('.safetensors')) ? [{ kind: 'hf', repo, revision } as const] : []),
      ...gguf.map((file) => ({ kind: 'hf', repo, revision, file }) as const),
    ]
  })
  // What is only half here has no name yet.
  return found.length > 0 || cached.partialBytes() === 0 ? found : [{ kind: 'hf', repo, revision: 'main' }]
}
