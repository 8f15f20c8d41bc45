import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { plain, plainLines } from '../domain/plain.ts'
import { mostBlocks } from '../domain/plan.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import type { CommonOptions, Io } from './io.ts'
import type { ExportOptions } from './export-command.ts'
import type { PlanOptions } from './plan-command.ts'
import type { QueryOptions } from './query-command.ts'
import type { ReportOptions } from './report-command.ts'
import type { RunOptions } from './run-command.ts'
import { packageVersion } from './package-version.ts'

type Result = { exitCode: ExitCode }

/** Runs one command line and says how it ended; throws only for bugs. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  const result: Result = { exitCode: exitCodes.ok }
  try {
    await createProgram({ args, io, result }).parseAsync([...args], { from: 'user' })
    return result.exitCode
  } catch (thrown) {
    const error = firstOf(thrown)
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (!(error instanceof UserError)) throw error
    io.stderr(`benchbook: ${plainLines(error.message)}\n`)
    return error.exitCode
  }
}

/** What went wrong first, where closing what was open went wrong as well. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error
}

/** The whole command line; actions import what they need when they run, so that `--help` loads commander only. */
function createProgram({ args, io, result }: { args: readonly string[]; io: Io; result: Result }): Command {
  const program = new Command('benchbook')
    .description(
      'A lab notebook for local model inference: declare a matrix, measure it, get a report that anyone can check.',
    )
    .version(packageVersion())
    .helpCommand(false)
    .showHelpAfterError('(benchbook <command> --help lists what it takes)')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: (text) => io.stderr(usageError(text, args)),
    })
  addExperimentCommands(program, io, result)
  addStoreCommands(program, io)
  return program
}

/** commander's words, as ours begin, and with what was typed made plain. */
function usageError(text: string, args: readonly string[]): string {
  const typed = args.flatMap((arg) => [arg, arg.slice(arg.indexOf('=') + 1)])
  const shown = typed.reduce((rest, arg) => rest.replaceAll(arg, () => plain(arg)), text)
  return plainLines(shown.replace(/^error: /, 'benchbook: '))
}

const examples = `
Examples:
  benchbook run experiments/quickstart.yaml      measure it, and write a report
  benchbook run --resume                         go on where the last run was interrupted
  benchbook report latest -o report.html         the same report again, byte for byte
  benchbook query "SELECT * FROM v_cell"         any SQL that reads

Exit codes: 0 ok, 1 internal error, 2 usage or invalid file, 3 some trials failed, 4 target unavailable or runtime too old,
130 interrupted.`

// command(), not addCommand(): it hands down exitOverride and configureOutput.
const addCommand = (program: Command, usage: string, description: string) =>
  program
    .command(usage)
    .description(description)
    .option('--json', 'print JSON')
    .option('--store <file>', "another store than the lab's data/benchbook.db (or BENCHBOOK_STORE)")

const addSettings = (command: Command) =>
  command
    .option('--set <path=value>', 'set a field of every cell; may be given several times', collect, [])
    .option('--allow-outside', 'let the file name files outside of the lab')

const addSizes = (command: Command) =>
  command
    .option('--blocks <n>', 'how many blocks, instead of what the file says', wholeNumber)
    .option('--quick', 'one block: a look, no verdict')
    .option('--rigorous', 'twenty blocks')

function addExperimentCommands(program: Command, io: Io, result: Result): void {
  addSettings(
    addCommand(program, 'validate <file...>', 'check experiment files: all errors at once, with their places'),
  ).action(async (files: string[], options: PlanOptions) =>
    (await import('./validate-command.ts')).validate(files, options, io),
  )
  addSizes(addSettings(addCommand(program, 'plan <file>', 'what would run, what is skipped and why')))
    .option('--explain', 'where each field of each cell comes from')
    .action(async (file: string, options: PlanOptions) => (await import('./plan-command.ts')).plan(file, options, io))
  addSizes(addSettings(addCommand(program, 'run [file...]', 'measure every cell, keep every timing, write a report')))
    .option('--resume [id]', 'go on with a plan: the latest, or the one named')
    .option('--accept-setup', 'go on although machine or benchbook are not what the plan was begun on')
    .option('-n, --dry-run', 'only say what would run')
    .action(async (files: string[], options: RunOptions) => {
      result.exitCode = await (await import('./run-command.ts')).run(files, options, io)
    })
  addCommand(program, 'report <file|id>', 'the report of a plan, rebuilt from the store')
    .option('-o, --output <file>', 'where to; - is standard output')
    .action(async (what: string, options: ReportOptions) =>
      (await import('./report-command.ts')).report(what, options, io),
    )
}

function addStoreCommands(program: Command, io: Io): void {
  addCommand(program, 'list', 'the plans in the store').action(async (options: CommonOptions) =>
    (await import('./list-command.ts')).list(options, io),
  )
  addCommand(program, 'show <id>', 'one plan: its cells and what was measured').action(
    async (id: string, options: CommonOptions) => (await import('./show-command.ts')).show(id, options, io),
  )
  addCommand(program, 'query <sql>', 'read the store with SQL; data/store.md describes its views')
    .option('--format <format>', 'table, json or csv', 'table')
    .action(async (sql: string, options: QueryOptions) => (await import('./query-command.ts')).query(sql, options, io))
  addCommand(program, 'export <id>', 'the data of a plan as CSV or JSON')
    .requiredOption('-o, --output <file>', 'where to; its ending says the format; - is standard output')
    .option('--format <format>', 'csv or json, where the ending does not say')
    .action(async (id: string, options: ExportOptions) =>
      (await import('./export-command.ts')).exportPlan(id, options, io),
    )
}

const collect = (value: string, before: string[]) => [...before, value]

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1 || number > mostBlocks)
    throw new InvalidArgumentError(`It is to be a whole number from 1 to ${mostBlocks}.`)
  return number
}
