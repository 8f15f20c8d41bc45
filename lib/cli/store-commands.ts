import { addCommand, type Wiring } from './command.ts'
import type { CompareOptions } from './compare-command.ts'
import type { ExportOptions } from './export-command.ts'
import type { CommonOptions } from './io.ts'
import type { QueryOptions } from './query-command.ts'
import type { ShowOptions } from './show-command.ts'

/** The commands that read the store. */
export function addStoreCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'Read', usage, description)
  add('list', 'the plans in the store').action(async (options: CommonOptions) =>
    (await import('./list-command.ts')).list(options, io),
  )
  add('show <id>', 'one plan: its cells and what was measured')
    .option('--as <tool>', 'what another tool would say: vllm, guidellm, aiperf, llmperf or llm-load-test')
    .action(async (id: string, options: ShowOptions) => (await import('./show-command.ts')).show(id, options, io))
  add('diff <a> <b>', 'two plans: what differs, and the metrics of the cells they share; no verdict').action(
    async (a: string, b: string, options: CommonOptions) => (await import('./diff-command.ts')).diff(a, b, options, io),
  )
  add('compare <file|id> [other]', 'the arms of a plan: a verdict on each metric, and one to decide by')
    .option('--arms <arms...>', 'two arms: fp16 awq, or quantization=fp16 quantization=awq; the first is the base')
    .option('--metric <metrics...>', 'in place of the declared metrics; what is not declared is exploratory')
    .option('--margin <margins...>', 'in place of the declared margins: 2%, or decode_tps=2%')
    .option('--md', 'print Markdown')
    .option('--fail-on <outcomes>', 'regression (10), inconclusive (11), not-comparable (12), or several with commas')
    .option('-o, --output <file>', 'where to: .md, .json or .txt; - is standard output')
    .option('--lang <language>', 'en, ko, or one of the lab')
    .action(async (what: string, other: string | undefined, options: CompareOptions) => {
      result.exitCode = await (await import('./compare-command.ts')).compare(what, other, options, io)
    })
  add('query <sql>', 'read the store with SQL; data/store.md describes its views')
    .option('--format <format>', 'table, json, jsonl, csv or markdown', 'table')
    .action(async (sql: string, options: QueryOptions) => (await import('./query-command.ts')).query(sql, options, io))
  add(
    'export <id>',
    'the data of a plan as CSV, JSON, JSON Lines or Parquet; as a bundle that others measure again; or an answer that was kept (request:12)',
  )
    .requiredOption('-o, --output <file>', 'where to; its ending says the format; - is standard output')
    .option('--format <format>', 'csv, json, jsonl, parquet or bundle, where the ending does not say')
    .option('--no-text', 'of a bundle: digests in place of prompts, answers and the text of the file')
    .action(async (id: string, options: ExportOptions) =>
      (await import('./export-command.ts')).exportData(id, options, io),
    )
}
