import { importPrefix } from '../domain/imported-log.ts'
import { plain } from '../domain/plain.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { findImportedLog } from '../store/imported-logs.ts'
import { chunkInterval, importJson, importLabel, printedText, provenance } from './imported-text.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { textTable } from './text-table.ts'

/** Shows one imported log: where it is from, and every final value as llama-perplexity printed it. */
export function showImported(what: string, options: CommonOptions, io: Io): void {
  using store = openLabStore(options, io, 'read')
  const log = findImportedLog(store, what.slice(importPrefix.length))
  if (options.json) return printJson(io, { import: importJson(log) })
  const interval = log.cumulative.perplexity === undefined ? undefined : chunkInterval(log)
  const facts = [
    ['model', importLabel(log)],
    ['build', log.build ?? 'not in the log'],
    ['context', String(log.context ?? 'not in the log')],
    ['chunks', `${log.chunks}${log.cumulative.perplexity === undefined ? ', whose values are not in the log' : ''}`],
    ['SHA-256', log.digest],
    ...(log.textDigest === undefined ? [] : [['of the text', log.textDigest]]),
    ['imported', new Date(log.importedAtMs).toISOString()],
  ]
  io.stdout(`${plain(log.file)} (${importPrefix}${log.id}): ${provenance}\n\n`)
  io.stdout(textTable([{ head: 'of' }, { head: '' }], facts))
  const printed = Object.entries(log.statistics).map(([name, value]) => [name, printedText(value)])
  io.stdout(`\n${textTable([{ head: 'as printed' }, { head: '' }], printed)}`)
  if (interval === undefined) return
  const [low, high] = [interval.low, interval.high].map((value) => value.toPrecision(5))
  io.stdout(`\nperplexity, 95 % interval over its chunks: ${low} to ${high}\n`)
}
