import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { PerplexityLog } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { problemsError } from '../parse/problem.ts'
import { openingProblem } from '../parse/read-source.ts'
import { LogRefusal } from './log-refusal.ts'
import { perplexityLog } from './perplexity-log.ts'

/** A log with what it was read from. */
export type ReadLog = { log: PerplexityLog; digest: string; file: string }

const mib = 2 ** 20
/** With --verbose a log of thousands of chunks stays below. */
const mostBytes = 64 * mib

/** Reads a log from a stranger. `file` is as its user named it. Throws a `UserError` for what is no log of llama-perplexity, or not whole. */
export async function readPerplexityLog(file: string, { cwd }: { cwd: string }): Promise<ReadLog> {
  const path = resolve(cwd, file)
  const unreadable = await openingProblem({ file, path })
  if (unreadable !== undefined) throw problemsError([unreadable])
  try {
    if (statSync(path).size > mostBytes)
      throw new LogRefusal(`is larger than ${mostBytes / mib} MiB, which no log of llama-perplexity is`)
    const bytes = await readFile(path)
    return {
      log: perplexityLog(textOf(bytes)),
      digest: createHash('sha256').update(bytes).digest('hex'),
      file: basename(path),
    }
  } catch (error) {
    if (!(error instanceof LogRefusal)) throw error
    throw new UserError(`${plain(file)} ${error.message}`, undefined, { cause: error })
  }
}

/** PowerShell writes what it redirects as UTF-16. */
function textOf(bytes: Buffer): string {
  if (bytes.length === 0) throw new LogRefusal('is empty')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le')
  if (bytes.includes(0)) throw new LogRefusal('is a binary file and no log')
  return bytes.toString('utf8')
}
