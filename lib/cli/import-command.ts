import { type ImportedLog, importPrefix, isImportName } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { type ImportLabels, keepLogs, type KeptLog, readLogs } from '../lab/import-logs.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { findImportedLog, listImportedLogs, removeImportedLogs } from '../store/imported-logs.ts'
import { agreesToRemove } from './agrees-to-remove.ts'
import { importJson, importLabel, sayOf } from './imported-text.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { textTable } from './text-table.ts'

export type ImportOptions = CommonOptions & ImportLabels & { list?: true; remove?: readonly string[]; yes?: true }

/** Takes logs of llama-perplexity into the store, beside and apart from what was measured; lists them; takes them out again. */
export async function importLogs(files: readonly string[], options: ImportOptions, io: Io): Promise<void> {
  requireOneThing(files, options)
  if (options.remove !== undefined) return remove(options.remove, options, io)
  if (options.list === true) return list(options, io)
  const read = await readLogs(files, options, io)
  using store = openLabStore(options, io, 'write')
  const kept = keepLogs(store, read, Date.now())
  if (options.json) return printJson(io, { imports: kept.map(({ log, isNew }) => ({ ...importJson(log), isNew })) })
  io.stdout(kept.map((each) => keptText(each, options)).join(''))
  const last = kept.at(-1)?.log
  const other = listImportedLogs(store).find(({ digest }) => digest !== last?.digest)
  if (last !== undefined && other !== undefined)
    io.stderr(`next: benchbook compare ${importPrefix}${other.id} ${importPrefix}${last.id}\n`)
}

function keptText({ log, isNew }: KeptLog, { model, quantization, text }: ImportOptions): string {
  const name = `${importPrefix}${log.id}`
  if (isNew) return `${name}  ${plain(log.file)}, ${importLabel(log)}: ${sayOf(log)}\n`
  const isLabelled = [model, quantization, text].some((label) => label !== undefined)
  const anew = isLabelled ? `; to label it anew: benchbook import --remove ${log.id}, then import it again` : ''
  return `${name}  was imported before, as ${plain(log.file)}, ${importLabel(log)}: nothing was changed${anew}\n`
}

function requireOneThing(
  files: readonly string[],
  { list: isList, remove: ids, quantization, model, text }: ImportOptions,
) {
  const asked = [files.length > 0, isList === true, ids !== undefined].filter(Boolean).length
  if (asked !== 1)
    throw new UserError(
      `import takes files of logs, or --list, or --remove with ids, and one of them: ${asked === 0 ? 'got none' : 'got several'}`,
    )
  if (files.length === 0 && [model, quantization, text].some((label) => label !== undefined))
    throw new UserError('--model, --quantization and --text say something of a log that is imported: name its file')
  if (quantization !== undefined && files.length > 1)
    throw new UserError(`--quantization is of one log, got ${files.length}: import them one by one`)
}

function list(options: CommonOptions, io: Io): void {
  using store = openLabStore(options, io, 'read')
  const logs = listImportedLogs(store)
  if (options.json) return printJson(io, { imports: logs.map(importJson) })
  if (logs.length === 0) return io.stdout('no log was imported: benchbook import FILE takes one of llama-perplexity\n')
  io.stdout(textTable(columns, logs.map(rowOf)))
}

const right = { align: 'right' as const }
const columns = [
  { head: 'import' },
  { head: 'file' },
  { head: 'model' },
  { head: 'quantization' },
  { head: 'chunks', ...right },
  { head: 'context', ...right },
  { head: 'perplexity', ...right },
  { head: 'KL divergence', ...right },
  { head: 'imported (UTC)' },
]
const none = '–'

function rowOf({
  id,
  file,
  model = none,
  quantization = none,
  chunks,
  context,
  statistics,
  importedAtMs,
}: ImportedLog) {
  const value = (name: string) => statistics[name]?.value ?? none
  const counts = [String(chunks), String(context ?? none)]
  const when = new Date(importedAtMs).toISOString().slice(0, 16).replace('T', ' ')
  return [`${importPrefix}${id}`, file, model, quantization, ...counts, value('perplexity'), value('kld_mean'), when]
}

async function remove(named: readonly string[], options: ImportOptions, io: Io): Promise<void> {
  const logs = foundLogs(named, options, io)
  const names = logs.map(({ id, file }) => `${importPrefix}${id} (${plain(file)})`).join(', ')
  const removed = await agreesToRemove(names, options, io)
  if (removed) {
    using store = openLabStore(options, io, 'write')
    removeImportedLogs(
      store,
      logs.map(({ digest }) => digest),
    )
  }
  if (options.json) return printJson(io, { removed: removed ? logs.map(({ id }) => `${importPrefix}${id}`) : [] })
  if (removed) io.stdout(`removed ${names}\n`)
}

function foundLogs(named: readonly string[], options: ImportOptions, io: Io): ImportedLog[] {
  using store = openLabStore(options, io, 'read')
  return named.map((each) => findImportedLog(store, isImportName(each) ? each.slice(importPrefix.length) : each))
}
