import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ImportedLog } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { type ReadLog, readPerplexityLog } from '../exchange/read-perplexity-log.ts'
import { problemsError } from '../parse/problem.ts'
import { openingProblem } from '../parse/read-source.ts'
import { keepImportedLog } from '../store/imported-logs.ts'
import type { Store } from '../store/store.ts'
import type { Place } from './lab.ts'

/** What the user says of a log that it does not say itself. */
export type ImportLabels = {
  model?: string | undefined
  quantization?: string | undefined
  /** The file of the text that was scored. */
  text?: string | undefined
}
/** A log with whether it is new to the store. */
export type KeptLog = { log: ImportedLog; isNew: boolean }

/** Logs that have been read and fit to be kept. */
export type ReadLogs = { logs: readonly ReadLog[]; labels: Pick<ImportedLog, 'model' | 'quantization' | 'textDigest'> }

/** Reads logs of llama-perplexity. Throws a `UserError` with what is wrong with any of them. */
export async function readLogs(files: readonly string[], labels: ImportLabels, { cwd }: Place): Promise<ReadLogs> {
  const problems: string[] = []
  const logs: ReadLog[] = []
  const tried = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(error.message)
    }
  }
  for (const file of files) await tried(async () => void logs.push(await readPerplexityLog(file, { cwd })))
  const own: { textDigest?: string } = {}
  const { text } = labels
  if (text !== undefined) await tried(async () => void (own.textDigest = await digestOfText(text, cwd)))
  if (problems.length > 0) throw new UserError(problems.join('\n'))
  const [model, quantization] = [labels.model, labels.quantization]
  return {
    logs,
    labels: {
      ...(model !== undefined && { model: label('--model', model) }),
      ...(quantization !== undefined && { quantization: label('--quantization', quantization) }),
      ...own,
    },
  }
}

/** Keeps them, all or none; of a file that the store has nothing is changed. */
export function keepLogs(store: Store, { logs, labels }: ReadLogs, importedAtMs: number): KeptLog[] {
  return store.write(() =>
    logs.map(({ log, digest, file }) => keepImportedLog(store, { ...log, ...labels, digest, file, importedAtMs })),
  )
}

const longestLabel = 100

function label(option: string, text: string): string {
  const trimmed = text.trim()
  if (trimmed !== '' && trimmed.length <= longestLabel) return trimmed
  throw new UserError(`${option} is a name of 1 to ${longestLabel} characters, got ${JSON.stringify(plain(text))}`)
}

async function digestOfText(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file)
  const problem = await openingProblem({ file, path })
  if (problem !== undefined) throw problemsError([problem])
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
