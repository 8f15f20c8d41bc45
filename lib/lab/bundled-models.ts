import { type ArtifactFolders, resolveArtifact } from '../artifact/resolve-artifact.ts'
import { isRemote } from '../domain/artifact-name.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import type { ArtifactIdentity, ArtifactSource, Cell } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { findLabPath } from '../experiment/lab-path.ts'
import { artifactFolders, keptPath } from './expand-file.ts'
import { knownModels } from './known-models.ts'
import { findLab, type Place } from './lab.ts'

type Found =
  | { status: 'here'; source: ArtifactSource; identity: ArtifactIdentity }
  | { status: 'not here'; why: string }

/**
 * Finds the models of a stranger's cells in this lab, by their digests and not by their names: a path that leads out of the lab is never
 * looked at. What a hub has is taken at the commit that was measured. Throws a `UserError` with all that is not here, or is here with
 * other content.
 */
export async function withModelsHere(cells: readonly Cell[], place: Place): Promise<Cell[]> {
  const finder = new ModelFinder(place)
  const made: Cell[] = []
  const wrong = new Set<string>()
  for (const cell of cells) {
    const { model, quantization, artifact } = cell.config
    const found = await finder.find(cell, { source: artifact, artifact: cell.artifact })
    const base = cell.base && (await finder.find(cell, cell.base))
    for (const one of [found, base])
      if (one?.status === 'not here')
        wrong.add(`${plain(`${model.name} ${quantization}`)}${one === base ? ', its base' : ''}: ${one.why}`)
    if (found.status === 'here' && base?.status !== 'not here')
      made.push({
        ...cell,
        config: { ...cell.config, artifact: found.source },
        artifact: found.identity,
        ...(base && { base: { ...cell.base, source: base.source, artifact: base.identity } }),
      })
  }
  if (wrong.size > 0) throw new UserError([...wrong].join('\n'), exitCodes.unavailable)
  return made
}

class ModelFinder {
  readonly #place: Place
  readonly #folders: ArtifactFolders
  readonly #found = new Map<string, Promise<Found>>()
  #files: Promise<readonly { path: string; bytes?: number }[]> | undefined

  constructor(place: Place) {
    this.#place = place
    this.#folders = artifactFolders(findLab(place.cwd), place)
  }

  /** A model of a cell: its own, or that of its base. */
  find({ config }: Cell, { source, artifact }: { source: ArtifactSource; artifact: ArtifactIdentity }): Promise<Found> {
    if (source.kind === 'served' || attachedUrl(config.backend) !== undefined)
      return Promise.resolve({ status: 'here', source, identity: artifact })
    const key = JSON.stringify([source, artifact.digest])
    const found = this.#found.get(key) ?? this.#look(source, artifact)
    this.#found.set(key, found)
    return found
  }

  async #look(source: Exclude<ArtifactSource, { kind: 'served' }>, wanted: ArtifactIdentity): Promise<Found> {
    if (source.kind === 'path') return this.#lookForFile(source, wanted)
    const { commit } = wanted
    const pinned = source.kind === 'hf' && commit !== undefined ? { ...source, revision: commit } : source
    if (source.kind === 'quantize' && source.from.kind === 'path' && !(await this.#isInLab(source.from.path)))
      return { status: 'not here', why: outside }
    const found = await this.#resolved(pinned)
    if (typeof found === 'string') return { status: 'not here', why: found }
    // What Ollama has is known by its content only once it is here.
    const isToCome = isRemote(source) && found.bytes === undefined
    if (found.digest === wanted.digest) return { status: 'here', source: pinned, identity: found }
    if (isToCome && source.kind === 'ollama')
      return { status: 'here', source, identity: { ...found, digest: wanted.digest } }
    return { status: 'not here', why: otherContent(found, wanted, source.kind) }
  }

  /** Where it was, else under any name. */
  async #lookForFile(source: ArtifactSource & { kind: 'path' }, wanted: ArtifactIdentity): Promise<Found> {
    const named = (await this.#isInLab(source.path)) ? await this.#resolved(source) : outside
    if (typeof named !== 'string' && named.digest === wanted.digest) return { status: 'here', source, identity: named }
    this.#files ??= modelFiles(this.#place)
    for (const { path, bytes } of await this.#files) {
      if (bytes === undefined || (wanted.bytes !== undefined && bytes !== wanted.bytes)) continue
      const found = await this.#resolved({ kind: 'path', path })
      if (typeof found !== 'string' && found.digest === wanted.digest)
        return { status: 'here', source: { kind: 'path', path }, identity: found }
    }
    const why = typeof named === 'string' ? absent(wanted) : otherContent(named, wanted, 'path')
    return { status: 'not here', why }
  }

  async #isInLab(path: string): Promise<boolean> {
    const { root: labRoot, packageRoot } = findLab(this.#place.cwd)
    return (await findLabPath(path, { labRoot, packageRoot, allowOutside: false })).status === 'ok'
  }

  /** Or in words why it cannot be had. */
  async #resolved(source: Exclude<ArtifactSource, { kind: 'served' }>): Promise<ArtifactIdentity | string> {
    const { root, packageRoot } = findLab(this.#place.cwd)
    try {
      const found = await resolveArtifact(source, this.#folders)
      return { ...found, path: keptPath(found.path, [root, packageRoot]) }
    } catch (error) {
      if (error instanceof UserError) return error.message
      throw error
    }
  }
}

/** Files and folders of models that this lab and the package have. */
async function modelFiles(place: Place): Promise<readonly { path: string; bytes?: number }[]> {
  const known = await knownModels(place)
  return known.filter(({ source, status }) => source === 'path' && status === 'present')
}

const outside = 'its file is not of the lab that measured it: it cannot be known where that would be here'
const short = (digest: string) => digest.slice(0, 12)

const absent = ({ digest, bytes }: ArtifactIdentity) =>
  `no model in this lab has its content (sha256 ${short(digest)}${bytes === undefined ? '' : `, ${bytes} bytes`}): put the file under data/models/, whatever its name`

function otherContent(found: ArtifactIdentity, wanted: ArtifactIdentity, kind: ArtifactSource['kind']): string {
  const digests = `sha256 ${short(found.digest)}, and the bundle measured ${short(wanted.digest)}`
  if (kind === 'quantize')
    return `it would be made otherwise here (${digests}): it starts from another file, or another release of llama.cpp makes it`
  if (kind === 'random')
    return `it would be generated otherwise here (${digests}): take the version of benchbook that measured it`
  return `${plain(found.path)} is not what was measured (${digests})`
}
