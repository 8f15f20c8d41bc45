import { addCommand, type Wiring } from './command.ts'
import type { CompareOptions } from './compare-command.ts'
import { collect, wholeNumber } from './option-values.ts'

/** The command that says what blocks show, of a plan that was measured or with a baseline that is measured for it. */
export function addCompareCommand(wiring: Wiring): void {
  const { io, result } = wiring
  const says = 'the arms of a plan: a verdict on each metric, and one to decide by; or two imported logs'
  addCommand(wiring, 'Read', 'compare <file|id> [other]', says)
    .option('--arms <arms...>', 'two arms: fp16 awq, or quantization=fp16 quantization=awq; the first is the base')
    .option('--metric <metrics...>', 'in place of the declared metrics; what is not declared is exploratory')
    .option('--margin <margins...>', 'in place of the declared margins: 2%, or decode_tps=2%')
    .option('--md', 'print Markdown')
    .option('--fail-on <outcomes>', 'regression (10), inconclusive (11), not-comparable (12), or several with commas')
    .option('-o, --output <file>', 'where to: .md, .json or .txt; - is standard output')
    .option('--lang <language>', 'en, ko, or one of the lab')
    .option(
      '--baseline <what>',
      "measure a file's cells and, in the same blocks, a baseline: a model's file, backend.program=PATH or another setting",
    )
    .option('--blocks <n>', 'of a baseline: how many blocks, instead of what the file says', wholeNumber)
    .option('--set <path=value>', 'of a baseline: set a field of every cell; may be given several times', collect, [])
    .option('-n, --dry-run', 'of a baseline: only say what would run')
    .option('--yes', 'of a baseline: do not ask, fetch what is missing')
    .action(async (what: string, other: string | undefined, options: CompareOptions) => {
      result.exitCode = await (await import('./compare-command.ts')).compare(what, other, options, io)
    })
}
