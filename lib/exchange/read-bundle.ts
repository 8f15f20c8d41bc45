import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { byteLines } from '../parse/byte-lines.ts'
import { openingProblem } from '../parse/read-source.ts'
import { problemsError } from '../parse/problem.ts'
import type { Store } from '../store/store.ts'
import { BundleIntake, Refusal } from './bundle-intake.ts'

export type BundleFile = {
  /** As messages name it. */
  file: string
  path: string
}

/** A bundle that has been taken in. */
export type ReadBundle = {
  planId: string
  texts: 'all' | 'digests'
  /** SHA-256 in hex of its content: which bundle it is. */
  digest: string
}

const mib = 2 ** 20
const mostPacked = 1024 * mib
const mostUnpacked = 8192 * mib
/** Measured plans are packed to a tenth; what grows more than this is made to fill a disk. */
const mostRatio = 200
const leastUnpacked = 64 * mib
const mostLine = 64 * mib
const linesAtOnce = 2000

/**
 * Takes a bundle from a stranger into an empty store, every row held against its schema. `textOf` may know texts that were left
 * out. Throws a `UserError` for what is no bundle, or not whole, or not as `export` writes one; the store is of no use then.
 */
export async function readBundle(
  { file, path }: BundleFile,
  store: Store,
  textOf: (digest: string) => string | undefined = () => undefined,
): Promise<ReadBundle> {
  const unreadable = await openingProblem({ file, path })
  if (unreadable !== undefined) throw problemsError([unreadable])
  const packed = statSync(path).size
  if (packed > mostPacked) throw refusal(file, `is larger than the ${mostPacked / mib} MiB of the largest bundle`)
  const intake = new BundleIntake(store, textOf)
  try {
    await pipeline(createReadStream(path), createGunzip(), (unpacked) =>
      take(byteLines(bounded(unpacked as AsyncIterable<Buffer>, packed), mostLine), intake, store),
    )
    return intake.end()
  } catch (error) {
    throw asRefusal(error, { file, line: intake.line })
  }
}

/** Lines go into the store many at a time, as each time the disk is waited for. */
async function take(lines: AsyncIterable<Buffer>, intake: BundleIntake, store: Store): Promise<void> {
  let waiting: Buffer[] = []
  const flush = () => {
    store.write(() => waiting.forEach((line) => intake.take(line)))
    waiting = []
  }
  let bytes = 0
  for await (const line of lines) {
    if (line.length > mostLine) throw new Refusal(`has a line that is longer than ${mostLine / mib} MiB`)
    waiting.push(line)
    bytes += line.length
    if (waiting.length < linesAtOnce && bytes < mostLine) continue
    flush()
    bytes = 0
  }
  flush()
}

async function* bounded(pieces: AsyncIterable<Buffer>, packed: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > mostUnpacked || (bytes > leastUnpacked && bytes > packed * mostRatio))
      throw new Refusal('unpacks to far more than any plan: it is made to fill a disk')
    yield piece
  }
}

const refusal = (file: string, why: string, line?: number, cause?: unknown) =>
  new UserError(`${plain(file)}${line === undefined || line === 0 ? '' : `:${line}`}: ${plain(why)}`, undefined, {
    cause,
  })

/** What a stranger's file may be the cause of; anything else is a bug of ours. */
function asRefusal(error: unknown, { file, line }: { file: string; line: number }): unknown {
  if (error instanceof Refusal) return refusal(file, error.message, line, error)
  const { code = '' } = error as { code?: unknown }
  const why = Object.entries(reasons).find(([start]) => String(code).startsWith(start))?.[1]
  return why === undefined ? error : refusal(file, why, code === 'Z_BUF_ERROR' || line === 0 ? undefined : line, error)
}

const reasons = {
  Z_BUF_ERROR: 'ends before its end: it was cut off on its way, fetch it again',
  Z_: 'is no bundle, or damaged: benchbook export ID -o x.bundle makes one',
  SQLITE_CONSTRAINT: 'has a row that stands twice, or that refers to one that is not there',
}
