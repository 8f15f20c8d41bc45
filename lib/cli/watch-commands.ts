import { addCommand, type Wiring } from './command.ts'
import type { LogsOptions } from './logs-command.ts'
import type { StatusOptions } from './status-command.ts'
import type { StopOptions } from './stop-command.ts'

/** The commands that look after a run which another terminal, or nobody, looks at. */
export function addWatchCommands(wiring: Wiring): void {
  const { io } = wiring
  const add = (usage: string, description: string) => addCommand(wiring, 'Measure', usage, description)
  add('status [id]', 'what runs now, how far it is and how long it takes yet')
    .option('--watch', 'stay and follow it, until it ends or Ctrl-C')
    .action(async (id: string | undefined, options: StatusOptions) =>
      (await import('./status-command.ts')).status(id, options, io),
    )
  add('stop [id]', 'let the trial that runs come to its end, then stop: as Ctrl-C does')
    .option('--now', 'stop at once: as Ctrl-C twice')
    .action(async (id: string | undefined, options: StopOptions) =>
      (await import('./stop-command.ts')).stop(id, options, io),
    )
  add('logs <trial>', 'what worker and engine wrote while they measured a trial (or launch:<id>)')
    .option('-f, --follow', 'stay and print what comes, until the launch ends')
    .action(async (trial: string, options: LogsOptions) => (await import('./logs-command.ts')).logs(trial, options, io))
}
