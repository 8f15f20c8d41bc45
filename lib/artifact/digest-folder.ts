import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFile } from './digest-file.ts'

/** What an engine reads of a model's folder: weights, configuration, tokenizer; no texts for people. */
const used = /\.(safetensors|json|jinja|model|tiktoken|txt)$/

/** SHA-256 in hex of the list of a model's files: names, sizes and digests, which are kept in `cacheFile`. */
export async function digestFolder(folder: string, cacheFile: string, signal?: AbortSignal): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.flatMap(({ name }) => (used.test(name) ? [name] : [])).toSorted()
  const lines: string[] = []
  for (const name of names) {
    const { digest, bytes } = await digestFile(join(folder, name), cacheFile, signal)
    lines.push(JSON.stringify([name, bytes, digest]))
  }
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
