import { extname } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { readStream } from '../store/read-streams.ts'
import type { Store } from '../store/store.ts'
import { type Io, printJson } from './io.ts'
import { writeOutput } from './output.ts'

type Options = { output: string; format?: string; json?: boolean }

/** Writes the answer to one request (`request:12`), its bytes with their times, as `emulate --replay` reads it. */
export async function exportStream(
  what: string,
  { output, format, json }: Options,
  { store, io }: { store: Store; io: Io },
): Promise<void> {
  const [, digits] = /^request:(\d{1,15})$/.exec(what) ?? []
  if (digits === undefined) throw new UserError(`${plain(what)} is no request: give its number, such as request:12`)
  if ((format ?? (output === '-' ? 'json' : extname(output).slice(1))) !== 'json')
    throw new UserError('an answer is exported as JSON: let the file end in .json, or say --format json')
  const stream = readStream(store, Number(digits))
  if (stream === undefined) throw noStream(Number(digits), store)
  await writeOutput({ path: output }, [`${JSON.stringify(stream)}\n`], io)
  if (output === '-') return
  if (json === true) return printJson(io, { exported: output, format: 'json' })
  io.stdout(`${output}\n`)
  io.stderr(`replay it with  benchbook emulate --replay ${plain(output)}  (--feel as well: here, in this terminal)\n`)
}

const noStream = (request: number, { file }: Store) =>
  new UserError(
    `the answer to request ${request} is not kept in ${file}: an experiment keeps them with keepStreams: true; \`benchbook query "SELECT request FROM stream"\` lists those that are`,
  )
