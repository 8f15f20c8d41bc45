import { artifactName, type RemoteSource } from '../domain/artifact-name.ts'
import { findOllama, ollamaStores } from '../hub/ollama-store.ts'
import { cachedRemoval } from '../hub/remove-repo.ts'
import { artifactFolders } from './expand-file.ts'
import { findLab, type Place } from './lab.ts'
import { runOllama } from './pull-models.ts'
import { remoteSources } from './remote-models.ts'

/** A file or folder that was fetched or made, and what `remove` would delete; without `bytes` it is not there. */
export type KeptFile = { path: string; bytes?: number; remove: () => Promise<void> }

/** What was fetched of a model that a catalogue, `hf:` or `ollama:` names. */
export async function fetchedFiles(model: string, place: Place): Promise<KeptFile[]> {
  return (await remoteSources([model], place)).map((source) => fetchedFile(source, place))
}

/** What a cache holds of a fetched artifact, also where that is only half. */
export function fetchedFile(source: RemoteSource, place: Place): KeptFile {
  const path = artifactName(source)
  if (source.kind === 'hf') {
    const found = cachedRemoval(source, artifactFolders(findLab(place.cwd), place).hub)
    return found ?? { path, remove: async () => {} }
  }
  const found = findOllama(source.name, ollamaStores(place.env))
  // Its store is Ollama's: blobs that other models share stay.
  const remove = () => runOllama('rm', { name: source.name, place, signal: new AbortController().signal })
  return { path, ...(found && { bytes: found.bytes }), remove }
}
