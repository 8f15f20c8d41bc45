import { randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { isAlive } from '../shell/process-id.ts'
import { tensorBytes, type GgufTensorShape } from './encode-gguf-header.ts'
import { thousands } from './gguf-error.ts'
import { ggufAlignment } from './gguf-header.ts'
import type { RandomModel } from './random-model.ts'
import { randomWeights, type RandomWeights } from './random-weights.ts'

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
    throw explained(error, path, model.bytes)
  } finally {
    await rm(draft, { force: true }).catch(() => {}) // a folder that cannot be written holds no draft
  }
}

/** What generations that were killed have left: large, and of no use to anyone. */
async function dropAbandonedDrafts(path: string): Promise<void> {
  const folder = dirname(path)
  for (const name of await readdir(folder)) {
    const [pid, , ending] = name.startsWith(`${basename(path)}.`)
      ? name.slice(basename(path).length + 1).split('.')
      : []
    if (ending === 'tmp' && !isAlive({ pid: Number(pid) })) await rm(join(folder, name), { force: true })
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

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'your disk quota is used up: free some space',
  EFBIG: 'the file system does not take files of this size: choose another folder',
  EROFS: 'the file system is read-only: run in a lab that can be written to',
  EACCES: 'you may not write there: change the permissions, or run in another lab',
  EPERM: 'you may not write there: change the permissions, or run in another lab',
  ENOENT: 'no folder can be made there: run in another lab',
  EISDIR: 'a folder has its name: move it away',
  ENOTDIR: 'a part of the path is a file: move it away',
  EEXIST: 'a part of the path is a file: move it away',
}

function explained(error: unknown, path: string, bytes: number): unknown {
  const reason = reasons[(error as { code?: string }).code ?? '']
  if (reason === undefined) return error
  const message = `cannot write ${plain(path)} (${thousands(bytes)} bytes of generated weights): ${reason}`
  return new UserError(message, exitCodes.unavailable, { cause: error })
}
