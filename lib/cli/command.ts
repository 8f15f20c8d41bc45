import type { Command } from 'commander'
import type { ExitCode } from '../domain/user-error.ts'
import type { Io } from './io.ts'

/** Where commands are added, and what they use and leave. */
export type Wiring = {
  program: Command
  io: Io
  /** How the command ended, where it did not throw. */
  result: { exitCode: ExitCode }
}

/** The heads under which `--help` lists the commands. */
export type Group = 'Measure' | 'Read' | 'Notebooks' | 'This lab and machine'

/** A command with the options that all have; command(), not addCommand(): it hands down exitOverride and configureOutput. */
export const addCommand = ({ program }: Wiring, group: Group, usage: string, description: string): Command =>
  program
    .command(usage)
    .helpGroup(`${group}:`)
    .description(description)
    .option('--json', 'print JSON')
    .option('--store <file>', "another store than the lab's data/benchbook.db (or BENCHBOOK_STORE)")
