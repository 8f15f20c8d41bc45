import { stat } from 'node:fs/promises'
import type { ArtifactDescription, ArtifactIdentity, ArtifactSource } from '../domain/cell.ts'
import { artifactName, type RemoteSource } from '../domain/artifact-name.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { digestsBelow } from '../hub/blob-digests.ts'
import { describeGguf } from './describe-gguf.ts'
import { describeSafetensors } from './describe-safetensors.ts'
import { digestFile } from './digest-file.ts'
import { generateRandomModel } from './generate-random-model.ts'
import { thousands } from '../domain/thousands.ts'
import { notHere } from './not-here.ts'
import { llamaLibrary } from './llama-library.ts'
import { quantizeModel } from './quantize-model.ts'
import { randomModel } from './random-model.ts'
import { readGgufHeader } from './read-gguf.ts'
import { type ArtifactFolders, type FileSource, resolveArtifact } from './resolve-artifact.ts'

/** An artifact whose file is there. */
export type PresentArtifact = ArtifactIdentity & { bytes: number; description: ArtifactDescription }

export type EnsureContext = {
  folders: ArtifactFolders
  signal?: AbortSignal
  /** Told in one line what takes a while, and what came out otherwise than asked for. */
  say?: (line: string) => void
}

/**
 * Makes sure that the file of a resolved artifact is there: random weights are generated and models quantized on first use.
 * Throws a `UserError` where a file is gone, has another size than when it was resolved, or cannot be made.
 */
export async function ensureArtifact(
  identity: ArtifactIdentity,
  source: FileSource,
  context: EnsureContext,
): Promise<PresentArtifact> {
  switch (source.kind) {
    case 'path':
      return presentFile(identity)
    case 'hf':
    case 'ollama':
      return presentRemote(identity, source, context)
    case 'random':
      return presentRandom(identity, source, context)
    case 'quantize':
      return presentQuantized(identity, source, context)
  }
}

async function presentFile(identity: ArtifactIdentity): Promise<PresentArtifact> {
  const bytes = await sizeOf(identity.path)
  const name = plain(identity.path)
  if (bytes === undefined) throw new UserError(`model file ${name} is gone: put it back, or plan again`)
  if (identity.bytes !== undefined && bytes !== identity.bytes)
    throw new UserError(
      `model file ${name} was ${thousands(identity.bytes)} bytes when the plan was made and is ${thousands(bytes)} now: put the old one back, or plan again`,
    )
  return { ...identity, bytes, description: identity.description ?? describeGguf(readGgufHeader(identity.path)) }
}

/** What was fetched has the digest that its name says; a file that has changed since is read once more. */
async function presentRemote(
  identity: ArtifactIdentity,
  source: RemoteSource,
  { folders, signal, say }: EnsureContext,
): Promise<PresentArtifact> {
  const { bytes, description, path } = identity
  if (bytes === undefined || description === undefined) throw new UserError(notHere(source), exitCodes.unavailable)
  using _ = sayLater(() => say?.(`reading ${plain(path)} to check its digest: only the first time`))
  for (const [file, digest] of digestsBelow(path)) {
    if ((await digestFile(file, folders.digestCache, signal)).digest === digest) continue
    throw new UserError(
      `${plain(file)} is damaged: its content is not what its name says; fetch it again, after benchbook models rm ${artifactName(source)}`,
      exitCodes.unavailable,
    )
  }
  return { ...identity, bytes, description }
}

/** What takes long enough that its user wonders. */
function sayLater(say: () => void): Disposable {
  const timer = setTimeout(say, 2000)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

async function presentRandom(
  identity: ArtifactIdentity,
  { parameters, type }: ArtifactSource & { kind: 'random' },
  { signal, say }: EnsureContext,
): Promise<PresentArtifact> {
  const model = randomModel(parameters, type)
  if (model.digest !== identity.digest)
    throw new UserError(
      `the plan's random model was made by another version of the generator (${identity.digest.slice(0, 8)}, now ${model.digest.slice(0, 8)}): plan again`,
    )
  const { bytes, description } = model
  // A file of another size is none of ours: ours appear whole.
  if ((await sizeOf(identity.path)) !== bytes) {
    say?.(`generating ${plain(identity.path)}: random weights, only the first time`)
    await generateRandomModel(model, identity.path, signal)
  }
  return { ...identity, bytes, description }
}

async function presentQuantized(
  identity: ArtifactIdentity,
  { from, to }: ArtifactSource & { kind: 'quantize' },
  context: EnsureContext,
): Promise<PresentArtifact> {
  const { path } = identity
  const { folders, signal, say } = context
  if ((await sizeOf(path)) === undefined) {
    const source = await ensureArtifact(await resolveArtifact(from, folders, signal), from, context)
    const { folder: library } = llamaLibrary() as NonNullable<ReturnType<typeof llamaLibrary>>
    say?.(`quantizing ${plain(source.path)} to ${to}: only the first time`)
    const bytes = identity.description?.tensorBytes ?? source.bytes
    const told = await quantizeModel({ from: source.path, to, path, bytes, library, ...(signal && { signal }) })
    for (const warning of told) say?.(`${plain(path)}: ${warning}`)
  }
  const description = describeGguf(readGgufHeader(path))
  return { ...identity, bytes: (await sizeOf(path)) as number, description }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return describeSafetensors(path).bytes
  return found?.isFile() ? found.size : undefined
}
