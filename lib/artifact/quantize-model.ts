import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { open, rename, rm, statfs } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plain } from '../domain/plain.ts'
import type { QuantizedType } from '../domain/quantized-type.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { type Exit, startProcess } from '../shell/start-process.ts'
import { dropAbandonedDrafts } from './abandoned-drafts.ts'
import { fileTypeNumber } from './quantize-recipe.ts'
import { writeProblem } from './write-problem.ts'

/** Left free on the disk, for what else is written meanwhile. */
const spareBytes = 64e6

export type QuantizeOptions = {
  /** A GGUF file that is there. */
  from: string
  to: QuantizedType
  /** The file to make. */
  path: string
  /** About as large as it will be. */
  bytes: number
  /** The folder with the libraries of llama.cpp. */
  library: string
  signal?: AbortSignal
}

/**
 * Quantizes a model with llama.cpp, in a process of its own. The file appears under its name when it is whole. Resolves with the
 * warnings: tensors whose rows do not suit the format and got a larger one. Throws a `UserError` where the disk has too little
 * space, where llama.cpp refuses or crashes, and where the file cannot be written.
 */
export async function quantizeModel(options: QuantizeOptions): Promise<string[]> {
  const { from, to, path, bytes, signal } = options
  const draft = `${path}.${process.pid}.${randomUUID()}.tmp`
  const log = `${draft}.log`
  try {
    makeFolder(dirname(path))
    await dropAbandonedDrafts(path)
    await checkSpace(path, bytes)
    const exit = await runLibrary(options, draft, log)
    signal?.throwIfAborted()
    const said = readFileSync(log, 'utf8')
    if (exit.code !== 0) throw failed({ from, to }, exit, said)
    await flushed(draft)
    await rename(draft, path)
    return warningsIn(said)
  } catch (error) {
    throw writeProblem(error, `${plain(path)} (about ${Math.round(bytes / 1e6)} MB, quantized)`)
  } finally {
    for (const left of [draft, log]) await rm(left, { force: true }).catch(() => {})
  }
}

async function checkSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  const free = bavail * bsize
  if (free >= bytes + spareBytes) return
  const [needs, has] = [bytes + spareBytes, free].map((size) => `${Math.round(size / 1e6)} MB`)
  throw new UserError(
    `${plain(path)} would take about ${needs}, its disk has ${has} free: free some space`,
    exitCodes.unavailable,
  )
}

/** What the system still had to write back would disturb the first measurement. */
async function flushed(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

async function runLibrary({ from, to, library, signal }: QuantizeOptions, draft: string, log: string): Promise<Exit> {
  const main = fileURLToPath(new URL(`quantize-main${extname(import.meta.url)}`, import.meta.url))
  const stderr = openSync(log, 'w')
  try {
    const numbers = [fileTypeNumber(to), availableParallelism()].map(String)
    await using child = startProcess([process.execPath, main, library, from, draft, ...numbers], {
      stderr,
      stdout: stderr,
      ...(signal && { signal }),
    })
    return await child.exited
  } finally {
    closeSync(stderr)
    if (signal?.aborted) rmSync(log, { force: true })
  }
}

function failed({ from, to }: Pick<QuantizeOptions, 'from' | 'to'>, { code, signal }: Exit, said: string): UserError {
  const told = said.match(/failed to quantize: (.+)/)?.[1] ?? said.match(/^(?:Error: |\S*error: )(.+)$/im)?.[1]
  const how = signal === undefined ? `ended with code ${code}` : `crashed (${signal})`
  const why = told === undefined ? how : `${how}: ${plain(told)}`
  return new UserError(
    `${plain(basename(from))} could not be quantized to ${to}: llama.cpp ${why}`,
    exitCodes.unavailable,
  )
}

/** `warning: blk.0.ffn_down.weight - ncols 672 not divisible by 256 (required for type q4_K)`: llama.cpp takes another type there. */
function warningsIn(log: string): string[] {
  const odd = [...log.matchAll(/ncols\s+(\d+)\s+not divisible by\s+(\d+)\s+\(required for type\s+(\S+?)\)/g)]
  if (odd.length === 0) return []
  const rows = [...new Set(odd.map(([, columns]) => columns))].join(', ')
  const [, , step] = odd[0] as RegExpExecArray
  return [
    `${odd.length} tensors have rows of ${rows} weights, no multiple of ${step}: llama.cpp gave them a type with more bits`,
  ]
}
