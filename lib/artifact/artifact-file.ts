import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { holdsSafetensors } from './describe-safetensors.ts'

/**
 * The absolute path of a model file, or of a folder with safetensors: a relative one is looked for under each of `roots` in
 * turn. Throws a `UserError` where there is none, where it is neither, and where it must not be read.
 */
export async function findArtifactFile(path: string, roots: readonly string[]): Promise<string> {
  const candidates = [...new Set(roots.map((root) => resolve(root, path)))]
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined)
    if (found?.isFile()) return readable(wholeModel(path), candidate)
    if (found?.isDirectory() && holdsSafetensors(await readable(path, candidate))) return candidate
    if (found !== undefined)
      throw new UserError(`${path} is ${kindOf(found)}: name the .gguf file itself, or a folder with safetensors`)
  }
  throw new UserError(
    `model file ${path} does not exist (looked for ${candidates.join(' and ')}): correct the path, or put the file there`,
  )
}

function wholeModel(path: string): string {
  if (!path.endsWith('.safetensors')) return path
  throw new UserError(`${path} is a part of a model in safetensors: name its folder, which has config.json too`)
}

async function readable(path: string, found: string): Promise<string> {
  try {
    await access(found, constants.R_OK)
    return found
  } catch (cause) {
    throw new UserError(`${path} must not be read by you: change its permissions`, undefined, { cause })
  }
}

function kindOf(found: { isDirectory: () => boolean }): string {
  return found.isDirectory() ? 'a folder' : 'no regular file'
}
