import type { ArtifactSource } from './cell.ts'
import { plain } from './plain.ts'

/** An artifact that is fetched over the network. */
export type RemoteSource = Extract<ArtifactSource, { kind: 'hf' | 'ollama' }>

export const isRemote = (source: ArtifactSource): source is RemoteSource =>
  source.kind === 'hf' || source.kind === 'ollama'

/** As `models pull` takes it: `hf:org/name@main/file.gguf`, `ollama:llama3.2:1b`. */
export function artifactName(source: RemoteSource): string {
  if (source.kind === 'ollama') return plain(`ollama:${source.name}`)
  const { repo, revision, file } = source
  return plain(`hf:${repo}@${revision}${file === undefined ? '' : `/${file}`}`)
}
