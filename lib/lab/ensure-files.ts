import { ensureArtifact } from '../artifact/ensure-artifact.ts'
import { type FileSource, resolveArtifact } from '../artifact/resolve-artifact.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import type { ArtifactIdentity, BaseArtifact, Cell } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { artifactFolders } from './expand-file.ts'
import { findLab, type Place } from './lab.ts'
import { checkTokenizer } from './named-files.ts'

/** A branch may have moved since the plan was made: what counts is the commit that it was then. */
function pinned(source: FileSource, { commit }: ArtifactIdentity): FileSource {
  if (commit === undefined) return source
  if (source.kind === 'hf') return { ...source, revision: commit }
  if (source.kind === 'quantize' && source.from.kind === 'hf')
    return { ...source, from: { ...source.from, revision: commit } }
  return source
}

type Context = { place: Place; signal: AbortSignal; say: (line: string) => void }

/** Makes sure that the files of a cell's artifact are there, and are those that the plan was made with, as its tokenizer is. */
export async function ensureFiles(
  { artifact, config }: Pick<Cell, 'artifact' | 'config'>,
  { place, signal, say }: Context,
): Promise<ArtifactIdentity> {
  await checkTokenizer({ config }, findLab(place.cwd))
  if (config.artifact.kind === 'served' || attachedUrl(config.backend) !== undefined) return artifact
  return ensureArtifactOf({ source: config.artifact, artifact }, { place, signal, say })
}

/** The same of the base that a cell's probabilities are held against; it has one. */
export function ensureBase({ base }: Pick<Cell, 'base'>, context: Context): Promise<ArtifactIdentity> {
  const { source, artifact } = base as BaseArtifact
  return ensureArtifactOf({ source: source as FileSource, artifact }, context)
}

async function ensureArtifactOf(
  { source: named, artifact }: { source: FileSource; artifact: ArtifactIdentity },
  { place, signal, say }: Context,
): Promise<ArtifactIdentity> {
  const folders = artifactFolders(findLab(place.cwd), place)
  const source = pinned(named, artifact)
  const found = await resolveArtifact(source, folders, signal)
  const name = plain(found.path)
  if (found.digest !== artifact.digest)
    throw new UserError(
      `${name} is not what the plan was made with (sha256 ${found.digest.slice(0, 12)}, planned ${artifact.digest.slice(0, 12)}): put that back, or plan again`,
    )
  return ensureArtifact(found, source, { folders, signal, say })
}
