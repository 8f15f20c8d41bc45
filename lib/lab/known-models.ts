import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { findArtifactFile } from '../artifact/artifact-file.ts'
import { describeGguf } from '../artifact/describe-gguf.ts'
import { describeSafetensors } from '../artifact/describe-safetensors.ts'
import { readGgufHeader } from '../artifact/read-gguf.ts'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import { artifactName, isRemote } from '../domain/artifact-name.ts'
import type { ArtifactIdentity, ArtifactSource } from '../domain/cell.ts'
import { UserError } from '../domain/user-error.ts'
import { largestContext } from '../experiment/largest-context.ts'
import { loadCatalogue } from '../experiment/load-experiment.ts'
import { artifactSource } from '../experiment/artifact-source.ts'
import { artifactFolders } from './expand-file.ts'
import { CachedRepo } from '../hub/hf-cache.ts'
import { fetchedSources } from './fetched-sources.ts'
import { findLab, type Lab, type Place } from './lab.ts'
import { thisMachine } from './make-plan.ts'

/** One model in one quantization, as far as this lab knows it. */
export type KnownModel = {
  /** Absent for a file that no catalogue names. */
  model?: string
  quantization?: string
  /** Whose entry it is, or `file`, or `cache` for what Hugging Face's cache or Ollama's store have besides. */
  from: 'built-in' | 'lab' | 'file' | 'cache'
  source: ArtifactSource['kind']
  path: string
  /** `served`: a server has it, and no file is here. */
  status: 'present' | 'not made yet' | 'not here' | 'half here' | 'missing' | 'served'
  /** Why it cannot be used. */
  problem?: string
  bytes?: number
  /** What is fetched of it so far, where that is not all. */
  partialBytes?: number
  parameters?: number
  /** With everything in the file that is a weight. */
  bitsPerWeight?: number
  /** Tokens of the largest context with which one client fits into this machine's memory; 0 where the model does not fit. */
  context?: number
  format?: string
  /** What the file calls its weights: `Q4_K_M`. */
  fileType?: string
}

type Located = Omit<ArtifactIdentity, 'digest'>

/** The artifacts of the catalogues, in their order, then the other GGUF files under the lab's `data/models/`. */
export async function knownModels(place: Place): Promise<KnownModel[]> {
  const lab = findLab(place.cwd)
  const { memory } = await thisMachine()
  const folders = artifactFolders(lab, place)
  const { models } = await loadCatalogue({ labRoot: lab.root, packageRoot: lab.packageRoot })
  const known: KnownModel[] = []
  const fits = (located: Located) => largestContext(located, memory)
  for (const [model, entry] of models) {
    for (const quantization of Object.keys((entry.value as { artifacts: object }).artifacts)) {
      const source = artifactSource(entry.value, quantization)
      const head = { model, quantization, from: entry.from === 'lab' ? ('lab' as const) : ('built-in' as const) }
      known.push({ ...head, ...(await looked(source, () => locate(source, folders), { lab, hub: folders.hub, fits })) })
    }
  }
  const named = new Set(known.map(({ path }) => path))
  for (const path of await modelFiles(join(lab.root, 'data', 'models'))) {
    const source = { kind: 'path', path } as const
    const found = await looked(source, () => locate(source, folders), { lab, hub: folders.hub, fits })
    if (!named.has(found.path)) known.push({ from: 'file', ...found })
  }
  for (const source of fetchedSources(folders)) {
    const found = await looked(source, () => locate(source, folders), { lab, hub: folders.hub, fits })
    if (!named.has(found.path)) known.push({ model: artifactName(source), from: 'cache', ...found })
  }
  return known
}

type Look = { lab: Lab; hub: string; fits: (located: Located) => number | undefined }

async function looked(source: ArtifactSource, find: () => Promise<Located>, { lab, hub, fits }: Look) {
  try {
    const located = await find()
    const { path, bytes, description } = located
    const context = fits(located)
    const size = bytes ?? description?.tensorBytes
    return {
      source: source.kind,
      path: shownPath(path, lab),
      ...stateOf(source, located, hub),
      ...(size !== undefined && { bytes: size }),
      ...(description && {
        parameters: description.parameters,
        bitsPerWeight: (description.tensorBytes * 8) / description.parameters,
        format: description.format,
        ...(description.fileType !== undefined && { fileType: description.fileType }),
      }),
      ...(context !== undefined && { context }),
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const path = source.kind === 'path' ? shownPath(source.path, lab) : ''
    return { source: source.kind, path, status: 'missing' as const, problem: error.message }
  }
}

function stateOf(source: ArtifactSource, { bytes }: Located, hub: string) {
  if (source.kind === 'served') return { status: 'served' as const }
  if (bytes !== undefined) return { status: 'present' as const }
  if (!isRemote(source)) return { status: 'not made yet' as const }
  const partialBytes = source.kind === 'hf' ? new CachedRepo(hub, source.repo).partialBytes() : 0
  return partialBytes > 0 ? { status: 'half here' as const, partialBytes } : { status: 'not here' as const }
}

/** Without the digest of a file that is only looked at: a large one takes minutes. */
async function locate(source: ArtifactSource, folders: ReturnType<typeof artifactFolders>): Promise<Located> {
  if (source.kind === 'served') return { path: `${source.name}, at a server` }
  if (source.kind !== 'path') return resolveArtifact(source, folders)
  const path = await findArtifactFile(source.path, folders.roots)
  if (statSync(path).isDirectory()) return { path, ...describeSafetensors(path, source.path) }
  const header = readGgufHeader(path, source.path)
  return { path, bytes: header.endsAt, description: describeGguf(header) }
}

const shownPath = (path: string, { root, packageRoot }: Lab): string => {
  const inside = [root, packageRoot].find((folder) => path.startsWith(`${folder}/`))
  return inside === undefined ? path : relative(inside, path)
}

async function modelFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.gguf'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}
