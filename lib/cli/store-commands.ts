import { addCommand, type Wiring } from './command.ts'
import { addCompareCommand } from './compare-commands.ts'
import type { ImportOptions } from './import-command.ts'
import type { ExportOptions } from './export-command.ts'
import type { CommonOptions } from './io.ts'
import type { QueryOptions } from './query-command.ts'
import type { ShowOptions } from './show-command.ts'

/** The commands that read the store. */
export function addStoreCommands(wiring: Wiring): void {
  const { io } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'Read', usage, description)
  add('list', 'the plans in the store').action(async (options: CommonOptions) =>
    (await import('./list-command.ts')).list(options, io),
  )
  add('show <id>', 'one plan: its cells and what was measured; or an imported log (import:ID)')
    .option('--as <tool>', 'what another tool would say: vllm, guidellm, aiperf, llmperf or llm-load-test')
    .action(async (id: string, options: ShowOptions) => (await import('./show-command.ts')).show(id, options, io))
  add('diff <a> <b>', 'two plans: what differs, and the metrics of the cells they share; no verdict').action(
    async (a: string, b: string, options: CommonOptions) => (await import('./diff-command.ts')).diff(a, b, options, io),
  )
  addCompareCommand(wiring)
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
  addImport(wiring)
}

function addImport(wiring: Wiring): void {
  const says = 'logs of llama-perplexity, with or without --kl-divergence, kept apart from all that is measured here'
  addCommand(wiring, 'Read', 'import [log...]', says)
    .option('--model <name>', 'the model that the log is of, as a plan would name it')
    .option('--quantization <name>', 'its quantization, as a plan would name it')
    .option('--text <file>', 'the text that was scored: what tells that two logs are of one')
    .option('--list', 'the logs that were imported')
    .option('--remove <ids...>', 'take logs out of the store again')
    .option('--yes', 'of --remove: do not ask')
    .action(async (files: string[], options: ImportOptions) =>
      (await import('./import-command.ts')).importLogs(files, options, wiring.io),
    )
}
