import { addCommand, type Wiring } from './command.ts'
import type { GcOptions } from './gc-command.ts'
import type { DeriveOptions } from './derive-command.ts'
import type { InitOptions } from './init-command.ts'
import type { CommonOptions } from './io.ts'

/** The commands that explain and look after a lab. */
export function addLabCommands(wiring: Wiring): void {
  const { io } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'This lab and machine', usage, description)
  add('init [folder]', 'a lab with one experiment to start from; overwrites nothing')
    .option('--post', 'and a post on it: prose that is bound to what is measured, and its template')
    .action(async (folder: string | undefined, options: InitOptions) =>
      (await import('./init-command.ts')).init(folder, options, io),
    )
  add('explain [name]', 'what a metric, a reason, an engine or a word is; without a name, all there are').action(
    async (name: string | undefined, options: CommonOptions) =>
      (await import('./explain-command.ts')).explain(name, options, io),
  )
  add('derive [id]', 'derive every metric again from raw timings, of one plan or of all')
    .option('--streams', 'read the bytes of servers that were kept (keepStreams) again first')
    .action(async (id: string | undefined, options: DeriveOptions) =>
      (await import('./derive-command.ts')).derive(id, options, io),
    )
  add('gc', 'what can go: old spools, drafts, backups; lists it, asks, removes it')
    .option('--older <age>', 'how old spools and backups have to be, such as 12h or 30d', '7d')
    .option('--models', 'models too that were made here and that no catalogue or plan names')
    .option('--vacuum', 'then let the store give back room that it does not use')
    .option('-n, --dry-run', 'only list')
    .option('--yes', 'do not ask')
    .action(async (options: GcOptions) => (await import('./gc-command.ts')).gc(options, io))
  add('completion <shell>', 'the script that lets bash, zsh or fish complete these words').action(
    async (shell: string, options: CommonOptions) =>
      (await import('./completion-command.ts')).completion(shell, options, io),
  )
}
