import type { ArtifactSource, RandomType, UnquantizedSource } from '../domain/cell.ts'
import type { QuantizedType } from '../domain/quantized-type.ts'

type ArtifactEntry = {
  path: string
  hf?: string
  revision?: string
  file?: string
  ollama?: string
  random?: { parameters: number }
  quantize?: { from: string; to?: QuantizedType }
  served?: string
}

/** The source of a quantization that a checked entry of a model declares. */
export function artifactSource(model: unknown, quantization: string): ArtifactSource {
  const { artifacts } = model as { artifacts: Readonly<Record<string, ArtifactEntry>> }
  const entry = artifacts[quantization] as ArtifactEntry
  const { path, hf, ollama, random, quantize, served } = entry
  if (served !== undefined) return { kind: 'served', name: served }
  if (random !== undefined) return { kind: 'random', parameters: random.parameters, type: quantization as RandomType }
  if (hf !== undefined) return hubSource(hf, entry)
  if (ollama !== undefined) return { kind: 'ollama', name: ollama }
  if (quantize === undefined) return { kind: 'path', path }
  const { from, to = quantization as QuantizedType } = quantize
  return { kind: 'quantize', from: artifactSource(model, from) as UnquantizedSource, to }
}

function hubSource(repo: string, { revision = 'main', file }: ArtifactEntry): ArtifactSource {
  return { kind: 'hf', repo, revision, ...(file !== undefined && { file }) }
}
