import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { plain, plainLines } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import type { Wiring } from './command.ts'
import { addEmulateCommands } from './emulate-commands.ts'
import { addExperimentCommands } from './experiment-commands.ts'
import { addExamples } from './help-examples.ts'
import { addReportCommands } from './report-commands.ts'
import { addReproduceCommands } from './reproduce-commands.ts'
import type { Io } from './io.ts'
import { findLab } from '../lab/lab.ts'
import { addLabCommands } from './lab-commands.ts'
import { addMachineCommands } from './machine-commands.ts'
import { addNotebookCommands } from './notebook-commands.ts'
import { packageVersion } from './package-version.ts'
import { addStoreCommands } from './store-commands.ts'
import { addWatchCommands } from './watch-commands.ts'

/** Runs one command line and says how it ended; throws only for bugs. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  const result: Wiring['result'] = { exitCode: exitCodes.ok }
  try {
    const own = { ...io }
    const program = createProgram({ args, io: own, result })
    program.hook('preAction', () => addSettings(own)) // not for `--help`, which needs none
    if (args[0] === 'complete' && args[1] === '--') await printCompletions(program, args.slice(2), own)
    else await program.parseAsync([...args], { from: 'user' })
    return result.exitCode
  } catch (thrown) {
    const error = firstOf(thrown)
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (!(error instanceof UserError)) throw error
    io.stderr(`benchbook: ${plainLines(error.message)}\n`)
    return error.exitCode
  }
}

async function addSettings(io: Io): Promise<void> {
  if (!existsSync(join(findLab(io.cwd).root, 'data', 'lab.yaml'))) return // which needs no parser
  Object.assign(io, (await import('../lab/with-settings.ts')).withSettings(io))
}

/** What the scripts of `benchbook completion` ask for; not parsed, since what is typed so far is no command line yet. */
async function printCompletions(program: Command, words: readonly string[], io: Io): Promise<void> {
  await addSettings(io)
  const { complete } = await import('./complete.ts')
  io.stdout((await complete(program, words, io)).map((word) => `${word}\n`).join(''))
}

/** What went wrong first, where closing what was open went wrong as well. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error
}

/** The whole command line; actions import what they need when they run, so that `--help` loads commander only. */
function createProgram({ args, io, result }: Omit<Wiring, 'program'> & { args: readonly string[] }): Command {
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
  for (const add of commands) add({ program, io, result })
  addExamples(program, io)
  return program
}

/** commander's words, as ours begin, and with what was typed made plain. */
function usageError(text: string, args: readonly string[]): string {
  const typed = args.flatMap((arg) => [arg, arg.slice(arg.indexOf('=') + 1)])
  const shown = typed.reduce((rest, arg) => rest.replaceAll(arg, () => plain(arg)), text)
  return plainLines(shown.replace(/^error: /, 'benchbook: '))
}

/** In the order in which `--help` lists them. */
const commands = [
  addExperimentCommands,
  addReportCommands,
  addReproduceCommands,
  addWatchCommands,
  addEmulateCommands,
  addStoreCommands,
  addNotebookCommands,
  addLabCommands,
  addMachineCommands,
] satisfies ((wiring: Wiring) => void)[]

const examples = `
Examples:
  benchbook run experiments/mine.yaml            measure it, and write a report
  benchbook run --resume                         go on where the last run was interrupted
  benchbook report latest -o report.html         the same report again, byte for byte
  benchbook compare latest                       which arm is faster, and what it costs
  benchbook query "SELECT * FROM v_cell"         any SQL that reads
  benchbook reproduce theirs.bundle              measure again what others did
  benchbook explain vllm                         an engine: install, example, traps

Exit codes: 0 ok, 1 internal error, 2 usage or invalid file, 3 some trials
failed, 4 target unavailable, runtime too old or guard refused, 10 regression or
not reproduced, 11 inconclusive or no verdict, 12 not comparable or invalid,
13 stale report, 130 interrupted.`
