import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { artifactName } from '../domain/artifact-name.ts'
import type { ArtifactIdentity, ArtifactSource } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { CachedRepo, sizeOf } from '../hub/hf-cache.ts'
import { findOllama } from '../hub/ollama-store.ts'
import { describeGguf } from './describe-gguf.ts'
import { describeSafetensors, holdsSafetensors, MissingPart } from './describe-safetensors.ts'
import { readGgufHeader } from './read-gguf.ts'

/** Where what was fetched is kept. */
export type RemoteFolders = {
  /** Hugging Face's cache. */
  hub: string
  /** Ollama's stores, in the order in which they are looked through. */
  ollama: readonly string[]
  /** What a revision stands for that the cache does not know; without it nobody is asked. */
  commitOf?: (source: ArtifactSource & { kind: 'hf' }) => Promise<string | undefined>
}

/**
 * What is known of a repository of the hub. The digest follows from repository, commit and file, and so is the same before a
 * download and after it, and on every machine; without `bytes` it is not here, without `commit` nobody could say which it is.
 */
export async function resolveHf(
  source: ArtifactSource & { kind: 'hf' },
  { hub, commitOf }: RemoteFolders,
): Promise<ArtifactIdentity> {
  const { repo, revision, file } = source
  const cached = new CachedRepo(hub, repo)
  const commit = cached.commitOf(revision) ?? (await commitOf?.(source))
  const digest = sha256(JSON.stringify(['hf', repo, commit ?? revision, file ?? null]))
  if (commit === undefined) return { digest, path: artifactName(source) }
  const path = join(cached.snapshot(commit), ...(file === undefined ? [] : [file]))
  return { digest, path, commit, ...describePresent(path, source) }
}

/** The weights are fetched last, so that a folder that has them has all. */
function describePresent(path: string, source: ArtifactSource & { kind: 'hf' }) {
  const name = artifactName(source)
  if (source.file !== undefined) return sizeOf(path) === undefined ? {} : describeFile(path, name)
  if (!existsSync(path) || !holdsSafetensors(path)) return {}
  try {
    return describeSafetensors(path, name)
  } catch (error) {
    if (error instanceof MissingPart) return {} // so it is not here yet
    throw error
  }
}

function describeFile(path: string, name: string) {
  if (!isReadable(path))
    throw new UserError(`${name} is in ${plain(path)}, which must not be read by you: change its permissions`)
  return { bytes: sizeOf(path) as number, description: describeGguf(readGgufHeader(path, name)) }
}

/** What is known of a model of Ollama's: its file, as its manifest names it, or nothing but its name. */
export function resolveOllama(
  source: ArtifactSource & { kind: 'ollama' },
  { ollama }: RemoteFolders,
): ArtifactIdentity {
  const name = artifactName(source)
  const found = findOllama(source.name, ollama)
  if (found === undefined) return { digest: sha256(JSON.stringify(['ollama', source.name])), path: name }
  return { digest: found.sha256, path: found.path, ...describeFile(found.path, name) }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
