import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * The files of an artifact whose SHA-256 is in their names: blobs of Hugging Face's cache, to which a snapshot's names lead, and
 * Ollama's. Small files of a repository are named by Git's digest instead, and are left out.
 */
export function digestsBelow(path: string): [file: string, sha256: string][] {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]
  return files.flatMap((file) => {
    const blob = realpathSync(file)
    const digest = /^(?:sha256-)?([0-9a-f]{64})$/.exec(basename(blob))?.[1]
    return digest === undefined ? [] : [[blob, digest] as [string, string]]
  })
}
