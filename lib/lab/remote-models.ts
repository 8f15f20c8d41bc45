import { isRemote, type RemoteSource } from '../domain/artifact-name.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import type { ArtifactSource, Cell } from '../domain/cell.ts'
import { didYouMean } from '../domain/nearest.ts'
import { ollamaName } from '../domain/ollama-name.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { hubSource } from '../experiment/hub-source.ts'
import { loadCatalogue } from '../experiment/load-experiment.ts'
import { artifactSource } from '../experiment/artifact-source.ts'
import { findLab, type Place } from './lab.ts'

/**
 * What `models pull` and `models rm` are given: `hf:org/name[@revision][/file.gguf]`, `ollama:name`, a model of the catalogues
 * (all of it that is fetched), or a model and after it a quantization. Throws a `UserError` for what is none of these.
 */
export async function remoteSources(words: readonly string[], place: Place): Promise<RemoteSource[]> {
  const { root, packageRoot } = findLab(place.cwd)
  const { models } = await loadCatalogue({ labRoot: root, packageRoot })
  const sources: RemoteSource[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string
    const named = remoteSource(word)
    if (named !== undefined) sources.push(named)
    else {
      const entry = models.get(word)?.value as { artifacts: object } | undefined
      if (entry === undefined) throw new UserError(noModel(word, [...models.keys()]))
      const next = words[at + 1]
      const one = next !== undefined && Object.hasOwn(entry.artifacts, next) ? next : undefined
      if (one !== undefined) at += 1
      sources.push(...fetchedOf(word, entry, one))
    }
  }
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()]
}

function noModel(word: string, names: string[]): string {
  const [, repository] = /^(?:https?:\/\/(?:huggingface\.co|hf\.co)\/)?([\w.-]+\/[\w.-]+)\/?$/.exec(word) ?? []
  if (repository !== undefined)
    return `there is no model ${plain(word)} in the catalogues, did you mean "hf:${repository}" of Hugging Face's hub?`
  return `there is no model ${plain(word)} in the catalogues${didYouMean(word, names) || `; there are ${names.join(', ')}`}; or name hf:org/name or ollama:name`
}

function fetchedOf(model: string, entry: { artifacts: object }, quantization: string | undefined): RemoteSource[] {
  const names = quantization === undefined ? Object.keys(entry.artifacts) : [quantization]
  const remote = names.flatMap((name) => remoteOf(artifactSource(entry, name)) ?? [])
  if (remote.length > 0) return remote
  const what = [model, ...(quantization === undefined ? [] : [quantization])].map(plain).join(' ')
  throw new UserError(`nothing of ${what} is fetched from anywhere: benchbook models list says where its files are`)
}

/** What has to be fetched for an artifact, where anything has. */
function remoteOf(source: ArtifactSource): RemoteSource | undefined {
  const file = source.kind === 'quantize' ? source.from : source
  return isRemote(file) ? file : undefined
}

/** The artifacts of cells, and of their bases, that are not on this machine, each once. One that is quantized already, or that a server has, needs nothing. */
export function missingRemote(cells: readonly Pick<Cell, 'artifact' | 'config' | 'base'>[]): RemoteSource[] {
  const wanted = cells
    .filter(({ config }) => attachedUrl(config.backend) === undefined)
    .flatMap(({ artifact, config, base }) => [{ artifact, source: config.artifact }, ...(base ? [base] : [])])
  const missing = wanted.flatMap(({ artifact, source }) =>
    artifact.bytes === undefined ? (remoteOf(source) ?? []) : [],
  )
  return [...new Map(missing.map((source) => [JSON.stringify(source), source])).values()]
}

function remoteSource(word: string): RemoteSource | undefined {
  if (word.startsWith('hf:')) return hubSource(word.slice(3))
  if (!word.startsWith('ollama:')) return undefined
  const name = word.slice('ollama:'.length)
  if (ollamaName.test(name)) return { kind: 'ollama', name }
  throw new UserError(`${plain(word)} names no model of Ollama: write it as in ollama:llama3.2:1b`)
}
