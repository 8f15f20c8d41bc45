import { Option } from 'commander'
import { reportTemplates } from '../domain/report-template.ts'
import { addCommand, type Wiring } from './command.ts'
import type { ReportOptions } from './write-report.ts'

/** The command that makes reports and posts. */
export function addReportCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'Measure', usage, description)
  add(
    'report [file|id]',
    'the report of a plan or of published figures, from the store; reports/out/index.html lists all',
  )
    .option(
      '-o, --output <file>',
      'where to: a file (.html, or .md for a post), or a folder for its own name; - is standard output',
    )
    .addOption(
      new Option('--template <template>', 'in place of the one that the experiment asks for (report.template)').choices(
        reportTemplates,
      ),
    )
    .option(
      '--lang <language>',
      'en, ko, or one of the lab, in place of what the experiment asks for (report.language)',
    )
    .option('--open', 'show it in the browser, where there is a display')
    .option('--all', 'the reports of all plans and the pages of all published figures in experiments/, and their index')
    .option('--index', 'only the index of the reports in reports/out')
    .option('--check', 'whether what was written is what the store says now: 13 where it is not; nothing is written')
    .option('--watch', 'stay, and make it again when the store, the post, templates or words change, until Ctrl-C')
    .action(async (what: string | undefined, options: ReportOptions) => {
      result.exitCode = await (await import('./report-command.ts')).report(what, options, io)
    })
}
