import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { ArtifactFolders } from '../artifact/resolve-artifact.ts'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import { servedArtifact } from '../artifact/served-artifact.ts'
import type { ArtifactSource } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { withoutHome } from '../domain/without-home.ts'
import { type Expanded, expandExperiment } from '../experiment/expand.ts'
import { hubCache } from '../hub/hub-settings.ts'
import { ollamaStores } from '../hub/ollama-store.ts'
import { onlyThose } from '../experiment/only.ts'
import { loadExperiment } from '../experiment/load-experiment.ts'
import { placeName } from '../parse/problem.ts'
import { promptPorts } from '../prompts/prompt-ports.ts'
import { experimentMeant } from './experiment-meant.ts'
import { checkReport } from './check-report.ts'
import { commitAsker, labHubCache, offlinePlace } from './hub-place.ts'
import { findLab, type Lab, type Place } from './lab.ts'

/** How the fields of an experiment file may be changed from outside. */
export type ExpandOptions = {
  set: string[]
  /** `axis=glob`: cells that do not match are skipped. */
  only?: string[]
  allowOutside?: true
  /** Nothing is asked over the network. */
  offline?: true
}

/** Reads an experiment file and makes its cells. Throws a `UserError` with all that is wrong with it. */
export async function expandFile(
  file: string,
  { set, only = [], allowOutside, offline }: ExpandOptions,
  place: Place,
): Promise<Expanded> {
  const lab = findLab(place.cwd)
  const path = resolve(place.cwd, file)
  const { root: labRoot, packageRoot } = lab
  const meant = existsSync(path) ? undefined : experimentMeant(file, lab, place.cwd)
  if (meant !== undefined) throw new UserError(`${placeName({ file })}: is not there, did you mean "${plain(meant)}"?`)
  const loaded = await loadExperiment({ file: file || '.', path, labRoot, packageRoot })
  await checkReport(loaded, labRoot)
  const folders = { ...artifactFolders(lab, place), commitOf: commitAsker(offlinePlace(place, { offline })) }
  const artifact = async (source: ArtifactSource) => {
    if (source.kind === 'served') return servedArtifact(source)
    const found = await resolveArtifact(source, folders)
    return { ...found, path: keptPath(found.path, [labRoot, packageRoot]) }
  }
  const expanded = await expandExperiment({
    loaded,
    sets: set,
    folders: { labRoot, packageRoot, allowOutside: allowOutside === true },
    ports: { ...promptPorts, artifact },
  })
  // Messages name a file as its user does, a plan as seen from the lab.
  return { ...onlyThose(expanded, only), experiment: { ...expanded.experiment, file: relative(labRoot, path) } }
}

/** A path as it is kept: as seen from the lab or the package, and without the user's home folder. */
export function keptPath(path: string, roots: readonly string[]): string {
  const root = roots.find((folder) => path.startsWith(folder + sep))
  return root === undefined ? withoutHome(path, homedir()) : relative(root, path)
}

/** Where things of this user are kept that can be had again. */
export function userCache({ env }: Place): string {
  const { XDG_CACHE_HOME = '' } = env
  const cache = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache') // as its specification has it
  return join(cache, 'benchbook')
}

/** Where the lab's model files are; digests are kept in the user's cache, since reading them is slow. */
export function artifactFolders({ root, packageRoot }: Lab, place: Place): ArtifactFolders {
  return {
    roots: [root, packageRoot],
    random: join(root, 'data', 'models', 'random'),
    quantized: join(root, 'data', 'models', 'quantized'),
    digestCache: join(userCache(place), 'digests.json'),
    hub: hubCache(place.env, labHubCache(place)),
    ollama: ollamaStores(place.env),
  }
}
