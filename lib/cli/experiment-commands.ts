import { type Command, Option } from 'commander'
import { addCommand, type Wiring } from './command.ts'
import { collect, wholeNumber } from './option-values.ts'
import type { PlanOptions } from './plan-command.ts'
import type { RunOptions } from './run-arguments.ts'

/** The commands that take an experiment file. */
export function addExperimentCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'Measure', usage, description)
  addSettings(add('validate <file...>', 'check experiment files: all errors at once, with their places')).action(
    async (files: string[], options: PlanOptions) =>
      (await import('./validate-command.ts')).validate(files, options, io),
  )
  addSizes(addSettings(add('plan <file>', 'what would run, what is skipped and why, how long it may take')))
    .option('--explain', 'where each field of each cell comes from')
    .option('--probe', 'find the rates that the file leaves to be found (ratePerSecond: auto): it measures')
    .option('--power <effect>', 'how many blocks, and how much time, its comparisons need to find an effect such as 3%')
    .option('--pilot <id>', 'the plan that --power learns from: else the last one of this experiment or its cells')
    .action(async (file: string, options: PlanOptions) => (await import('./plan-command.ts')).plan(file, options, io))
  addSizes(addSettings(add('run [file...]', 'measure every cell, keep every timing, write a report')))
    .option('--resume [id]', 'go on with a plan: the latest, or the one named')
    .addOption(
      new Option(
        '--retry <what>',
        'failed: run every failed trial again, of the plan to resume or the latest that has any',
      ).choices(['failed']),
    )
    .option('--keep-going', 'what a file or a launch lacks fails its trials, and the others run')
    .option('--max-time <duration>', 'finish the current trial after this time (30m, 8h) and stop, to be resumed')
    .option('--require-clean', 'only where the lab, if it is a git checkout, has no uncommitted changes')
    .option('--yes', 'do not ask: fetch what is missing, agree to what data/lab.yaml has told of the end')
    .option('--accept-setup', 'go on although machine or benchbook are not what the plan was begun on')
    .option('-n, --dry-run', 'only say what would run')
    .action(async (files: string[], options: RunOptions) => {
      result.exitCode = await (await import('./run-command.ts')).run(files, options, io)
    })
}

const addSettings = (command: Command) =>
  command
    .option('--set <path=value>', 'set a field of every cell; may be given several times', collect, [])
    .option('--allow-outside', 'let the file name files outside of the lab')
    .option('--offline', 'ask nothing of a hub of models, as with HF_HUB_OFFLINE=1: only what is here')

const addSizes = (command: Command) =>
  command
    .option('--blocks <n>', 'how many blocks, instead of what the file says', wholeNumber)
    .option('--quick', 'one block: a look, no verdict')
    .option('--rigorous', 'twenty blocks')
    .option(
      '--only <axis=glob>',
      "only these cells, such as 'quantization=q4*'; may be given several times",
      collect,
      [],
    )
    .option('--ignore-fit', 'also what needs more memory than there is, as far as that can be known')
