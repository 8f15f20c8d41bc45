import { addCommand, type Wiring } from './command.ts'
import type { ReproduceOptions } from './reproduce-command.ts'
import { collect, wholeNumber } from './option-values.ts'

/** The command that measures again what a bundle says. */
export function addReproduceCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const usage =
    'measure the cells of a bundle again on this machine, and say whether the ratios of its arms are found again'
  addCommand(wiring, 'Measure', 'reproduce <bundle>', usage)
    .option('--from <id>', 'measure nothing: hold it against a plan of this store, which measured the same cells')
    .option('--blocks <n>', 'how many blocks, instead of as many as the bundle has', wholeNumber)
    .option(
      '--only <axis=glob>',
      "only these cells, such as 'quantization=q4*'; may be given several times",
      collect,
      [],
    )
    .option('-o, --output <file>', 'write what came of it to a file: as text, or with --json as JSON')
    .option('--yes', 'do not ask: start what the bundle starts, fetch what is missing')
    .option('--ignore-fit', 'also what needs more memory than there is, as far as that can be known')
    .option('--offline', 'ask nothing of a hub of models, as with HF_HUB_OFFLINE=1: only what is here')
    .option('-n, --dry-run', 'only say what would run, and what it would start')
    .action(async (bundle: string, options: ReproduceOptions) => {
      result.exitCode = await (await import('./reproduce-command.ts')).reproduce(bundle, options, io)
    })
}
