import { addCommand, type Wiring } from './command.ts'
import type { CommonOptions } from './io.ts'
import type { NewOptions } from './notebook-new.ts'
import type { NotebookRunOptions } from './notebook-run.ts'

/** The commands around notebooks: `benchbook notebook new|run|start`. */
export function addNotebookCommands(wiring: Wiring): void {
  const { io, result } = wiring
  const program = wiring.program
    .command('notebook')
    .helpGroup('Notebooks:')
    .description('make, execute and open notebooks; notebooks/README.md says more')
    .helpCommand(false)
  const add = (usage: string, description: string) =>
    addCommand({ ...wiring, program }, 'Notebooks', usage, description)
  add('new <file|id>', 'a notebook that explores a plan')
    .option('-o, --output <file>', 'where to: notebooks/<experiment>-<id>.ipynb by default')
    .option('--force', 'in place of a file that is there')
    .action(async (what: string, options: NewOptions) =>
      (await import('./notebook-new.ts')).notebookNew(what, options, io),
    )
  add('run <file...>', 'execute notebooks from their first cell to their last, and keep what they show')
    .option('-o, --output <folder>', 'leave the notebooks as they are: write the executed ones there')
    .option('--timeout <seconds>', 'how long a cell may take', '3600')
    .action(async (files: string[], options: NotebookRunOptions) => {
      result.exitCode = await (await import('./notebook-run.ts')).notebookRun(files, options, io)
    })
  add('start [args...]', 'open JupyterLab in this lab; arguments after -- are handed on').action(
    async (args: string[], options: CommonOptions) => {
      result.exitCode = await (await import('./notebook-start.ts')).notebookStart(args, options, io)
    },
  )
}
