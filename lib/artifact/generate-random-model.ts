import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { plain } from '../domain/plain.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { dropAbandonedDrafts } from './abandoned-drafts.ts'
import { tensorBytes, type GgufTensorShape } from './encode-gguf-header.ts'
import { thousands } from '../domain/thousands.ts'
import { ggufAlignment } from './gguf-header.ts'
import type { RandomModel } from './random-model.ts'
import { randomWeights, type RandomWeights } from './random-weights.ts'
import { writeProblem } from './write-problem.ts'

const batchBytes = 4 * 1024 * 1024

/**
 * Writes a random model, tensor by tensor: 50 million weights take a fraction of a second, and memory does not grow with
 * the model. The file appears under its name when it is whole, so several processes may generate it at once. Throws a
 * `UserError` where it cannot be written; `signal` stops it.
 */
export async function generateRandomModel(model: RandomModel, path: string, signal?: AbortSignal): Promise<void> {
  const draft = `${path}.${process.pid}.${randomUUID()}.tmp`
  try {
    makeFolder(dirname(path))
    await dropAbandonedDrafts(path)
    await writeModel(model, draft, signal)
    await rename(draft, path)
  } catch (error) {
    throw writeProblem(error, `${plain(path)} (${thousands(model.bytes)} bytes of generated weights)`)
  } finally {
    await rm(draft, { force: true }).catch(() => {}) // a folder that cannot be written holds no draft
  }
}

async function writeModel(model: RandomModel, path: string, signal: AbortSignal | undefined): Promise<void> {
  await using file = await open(path, 'wx')
  await writeBatches(file, pieces(model), signal)
  // Not only against a power cut: what the system still had to write back would disturb the first measurement.
  await file.sync()
}

/** Everything in the file, in order. */
function* pieces({ header, tensors, type, seed }: RandomModel): Iterable<Buffer> {
  const weights = randomWeights(type, seed)
  yield header
  for (const [index, tensor] of tensors.entries()) {
    yield* tensorPieces(tensor, weights)
    const isLast = index === tensors.length - 1
    const over = tensorBytes(tensor) % ggufAlignment
    if (over > 0 && !isLast) yield Buffer.alloc(ggufAlignment - over)
  }
}

function tensorPieces({ shape }: GgufTensorShape, weights: RandomWeights): Iterable<Buffer> {
  const [rowLength, rows] = shape as [number, number?]
  return rows === undefined ? [ones(rowLength)] : weights.matrix(rowLength * rows, rowLength)
}

/** A norm's weights, in F32. */
function ones(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length * 4)
  for (let index = 0; index < length; index += 1) bytes.writeFloatLE(1, index * 4)
  return bytes
}

async function writeBatches(file: FileHandle, all: Iterable<Buffer>, signal: AbortSignal | undefined): Promise<void> {
  let batch: Buffer[] = []
  let bytes = 0
  const flush = async () => {
    signal?.throwIfAborted()
    await file.appendFile(Buffer.concat(batch))
    batch = []
    bytes = 0
  }
  for (const piece of all) {
    batch.push(piece)
    bytes += piece.length
    if (bytes >= batchBytes) await flush()
  }
  await flush()
}
