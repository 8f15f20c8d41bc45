import { rm } from 'node:fs/promises'
import { relative } from 'node:path'
import { ensureArtifact } from '../artifact/ensure-artifact.ts'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import type { ArtifactSource, UnquantizedSource } from '../domain/cell.ts'
import { didYouMean } from '../domain/nearest.ts'
import { isRemote } from '../domain/artifact-name.ts'
import { plain } from '../domain/plain.ts'
import { imatrixTypes, isQuantizedType, type QuantizedType, quantizedTypes } from '../domain/quantized-type.ts'
import { UserError } from '../domain/user-error.ts'
import { loadCatalogue } from '../experiment/load-experiment.ts'
import { artifactSource } from '../experiment/artifact-source.ts'
import { artifactFolders } from './expand-file.ts'
import { findLab, type Place } from './lab.ts'
import { fetchedFile, type KeptFile } from './fetched-file.ts'

export type Quantized = {
  quantization: QuantizedType
  /** As seen from the lab. */
  path: string
  bytes: number
  bitsPerWeight: number
}
export type QuantizeRequest = {
  model: string
  to: readonly QuantizedType[]
  /** The quantization to start from; by default the first of f16, bf16 and f32 that the model has. */
  from?: string
  say: (line: string) => void
  signal?: AbortSignal
}

const unquantized = ['f16', 'bf16', 'f32']

/** Quantizes a model of the catalogues, one format after the other; what is there already is left alone. */
export async function quantizeLadder(
  { model, to, from, say, signal }: QuantizeRequest,
  place: Place,
): Promise<Quantized[]> {
  const start = startOf(model, await entryOf(model, place), from)
  const folders = artifactFolders(findLab(place.cwd), place)
  const made: Quantized[] = []
  for (const quantization of to) {
    const source = { kind: 'quantize', from: start, to: quantization } as const
    const planned = await resolveArtifact(source, folders, signal)
    const { path, bytes, description } = await ensureArtifact(planned, source, {
      folders,
      say,
      ...(signal && { signal }),
    })
    made.push({
      quantization,
      path: relative(findLab(place.cwd).root, path),
      bytes,
      bitsPerWeight: (description.tensorBytes * 8) / description.parameters,
    })
  }
  return made
}

function startOf(model: string, entry: { artifacts: object }, from: string | undefined): UnquantizedSource {
  const names = Object.keys(entry.artifacts)
  const origin = from ?? unquantized.find((name) => names.includes(name))
  if (origin === undefined || !names.includes(origin))
    throw new UserError(
      `${model} has no artifact ${origin === undefined ? unquantized.join(', ') : plain(origin)} to quantize from: it has ${names.join(', ')}; say which with --from`,
    )
  const start = artifactSource(entry, origin)
  if (start.kind === 'quantize')
    throw new UserError(`${origin} of ${model} is quantized itself: start from the artifact that it is made of`)
  if (start.kind === 'served')
    throw new UserError(`${origin} of ${model} is what a server has: there is no file here to start from`)
  return start
}

/** Checks the names of formats to quantize to. */
export function quantizedTypesOf(names: readonly string[]): QuantizedType[] {
  return names.map((written) => {
    const name = written.trim().toLowerCase()
    if (isQuantizedType(name)) return name
    const why = imatrixTypes.includes(name) ? 'needs an importance matrix, which is not supported' : 'is no format'
    throw new UserError(`${plain(written) || '""'} ${why}: take some of ${quantizedTypes.join(', ')}`)
  })
}

/** What was fetched, generated or quantized for a model. Throws a `UserError` for a file of the user's own, which is never removed. */
export async function madeFile(model: string, quantization: string, place: Place): Promise<KeptFile> {
  const entry = await entryOf(model, place)
  const names = Object.keys(entry.artifacts)
  const isOwn = names.includes(quantization)
  if (!isOwn && !isQuantizedType(quantization))
    throw new UserError(`${model} has no artifact ${plain(quantization)}: it has ${names.join(', ')}`)
  // What `models quantize` has made need not be in a catalogue.
  const source: ArtifactSource =
    isOwn || !isQuantizedType(quantization)
      ? artifactSource(entry, quantization)
      : { kind: 'quantize', from: startOf(model, entry, undefined), to: quantization }
  if (isRemote(source)) return fetchedFile(source, place)
  if (source.kind === 'served') throw new UserError(`${plain(source.name)} is what a server has: there is no file here`)
  if (source.kind === 'path')
    throw new UserError(
      `${plain(source.path)} was not made by benchbook, so that it is not removed: delete it yourself`,
    )
  const { path, bytes } = await resolveArtifact(source, artifactFolders(findLab(place.cwd), place))
  return { path, ...(bytes !== undefined && { bytes }), remove: () => rm(path, { force: true }) }
}

async function entryOf(model: string, place: Place): Promise<{ artifacts: object }> {
  const { root, packageRoot } = findLab(place.cwd)
  const { models } = await loadCatalogue({ labRoot: root, packageRoot })
  const entry = models.get(model)
  const names = [...models.keys()]
  if (entry === undefined)
    throw new UserError(
      `there is no model ${plain(model)} in the catalogues${didYouMean(model, names) || `; there are ${names.join(', ')}`}`,
    )
  return entry.value as { artifacts: object }
}
