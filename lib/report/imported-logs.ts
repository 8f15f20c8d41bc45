import type { ImportedLog } from '../domain/imported-log.ts'
import type { Evidence } from './evidence.ts'
import { missing } from './numbers.ts'

/** Logs of llama-perplexity beside a plan's own figures, never among them. */
export type ImportedTable = {
  note: string
  heads: readonly { name: string; numeric: boolean }[]
  rows: readonly (readonly { text: string; numeric: boolean }[])[]
}

const columns = ['model', 'quantization', 'perplexity', 'kld', 'text', 'file', 'when'] as const
const numeric: readonly string[] = ['perplexity', 'kld']

/** Those of the same model and quantization as a cell, as printed and with where they are from; `undefined` where there are none. */
export function importedTable({ data, words }: Pick<Evidence, 'data' | 'words'>): ImportedTable | undefined {
  const logs = data.imported ?? []
  if (logs.length === 0) return undefined
  return {
    note: words('imported.note'),
    heads: columns.map((name) => ({ name: words(`imported.head.${name}`), numeric: numeric.includes(name) })),
    rows: logs.map((log) => {
      const texts = textsOf(log, words)
      return columns.map((name) => ({ text: texts[name], numeric: numeric.includes(name) }))
    }),
  }
}

const shortDigest = 12

function textsOf(
  { id, model = missing, quantization = missing, statistics, chunks, context, importedAtMs, ...log }: ImportedLog,
  words: Evidence['words'],
): Record<(typeof columns)[number], string> {
  const value = (name: string) => {
    const printed = statistics[name]
    if (printed === undefined) return missing
    return printed.error === undefined ? printed.value : `${printed.value} ± ${printed.error}`
  }
  const size = words('imported.size', { n: chunks, context: context ?? '?' })
  return {
    model,
    quantization,
    perplexity: value('perplexity'),
    kld: value('kld_mean'),
    text: log.textDigest === undefined ? size : `${size}, ${log.textDigest.slice(0, shortDigest)}`,
    file: `${log.file} (import:${id})`,
    when: new Date(importedAtMs).toISOString().slice(0, 'yyyy-mm-dd'.length),
  }
}
