import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactIdentity, ArtifactSource } from '../domain/cell.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { findArtifactFile } from './artifact-file.ts'
import { describeGguf } from './describe-gguf.ts'
import { describeSafetensors } from './describe-safetensors.ts'
import { digestFile } from './digest-file.ts'
import { digestFolder } from './digest-folder.ts'
import { llamaLibrary } from './llama-library.ts'
import { quantizeRecipe } from './quantize-recipe.ts'
import { randomModel } from './random-model.ts'
import { readGgufHeader } from './read-gguf.ts'
import { type RemoteFolders, resolveHf, resolveOllama } from './resolve-hub.ts'

/** Where artifacts are. */
export type ArtifactFolders = RemoteFolders & {
  /** A relative path is looked for here, in this order: the lab, then the package. */
  roots: readonly string[]
  /** Generated models: `<lab>/data/models/random`. */
  random: string
  /** Quantized models: `<lab>/data/models/quantized`. */
  quantized: string
  /** A JSON file that keeps digests. */
  digestCache: string
}

/** Artifacts whose files are here, or can be made here. */
export type FileSource = Exclude<ArtifactSource, { kind: 'served' }>

/**
 * What is known of an artifact before anything runs: its digest, where it is and what its header says. Generated weights
 * need not exist yet, nor what is fetched from a hub. Throws a `UserError` for a file that is missing, unreadable, truncated or no supported GGUF.
 */
export async function resolveArtifact(
  source: FileSource,
  folders: ArtifactFolders,
  signal?: AbortSignal,
): Promise<ArtifactIdentity> {
  switch (source.kind) {
    case 'quantize':
      return resolveQuantized(source, folders, signal)
    case 'path':
      return resolveFile(source.path, folders, signal)
    case 'random':
      return resolveRandom(source, folders)
    case 'hf':
      return resolveHf(source, folders)
    case 'ollama':
      return resolveOllama(source, folders)
  }
}

/** Made already or not, it has one digest: that of its recipe. */
async function resolveQuantized(
  { from, to }: ArtifactSource & { kind: 'quantize' },
  folders: ArtifactFolders,
  signal: AbortSignal | undefined,
): Promise<ArtifactIdentity> {
  const library = llamaLibrary()
  if (library === undefined)
    throw new UserError(
      `cannot quantize: the llama.cpp that node-llama-cpp brings is not installed for this machine (${process.platform} ${process.arch}); run npm ci, or name a quantized file`,
      exitCodes.unavailable,
    )
  const origin = await resolveArtifact(from, folders, signal)
  const recipe = quantizeRecipe(origin, to, library.release)
  const commit = origin.commit === undefined ? {} : { commit: origin.commit }
  const path = join(folders.quantized, recipe.fileName)
  const { digest } = recipe
  const written = await stat(path).catch(() => undefined)
  const { description } = recipe
  if (!written?.isFile()) return { digest, path, ...commit, ...(description && { description }) }
  return { digest, path, ...commit, bytes: written.size, description: describeGguf(readGgufHeader(path)) }
}

async function resolveFile(
  path: string,
  { roots, digestCache }: ArtifactFolders,
  signal: AbortSignal | undefined,
): Promise<ArtifactIdentity> {
  const found = await findArtifactFile(path, roots)
  if (statSync(found).isDirectory())
    return { path: found, digest: await digestFolder(found, digestCache, signal), ...describeSafetensors(found, path) }
  const description = describeGguf(readGgufHeader(found, path))
  const { digest, bytes } = await digestFile(found, digestCache, signal)
  return { digest, path: found, bytes, description }
}

async function resolveRandom(
  { parameters, type }: ArtifactSource & { kind: 'random' },
  folders: ArtifactFolders,
): Promise<ArtifactIdentity> {
  const { digest, fileName, bytes, description } = randomModel(parameters, type)
  const path = join(folders.random, fileName)
  const written = await stat(path).catch(() => undefined)
  return { digest, path, ...(written?.size === bytes && { bytes }), description }
}
