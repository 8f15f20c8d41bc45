import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import type { PlanOptions } from './plan-command.ts'

/** The options of `run`. */
export type RunOptions = PlanOptions & {
  resume?: true | string
  retry?: 'failed'
  keepGoing?: true
  maxTime?: string
  requireClean?: true
  /** Agrees to fetch what is missing, and to what the lab's settings have told of the end. */
  yes?: true
  acceptSetup?: true
  dryRun?: true
}

/** Throws a `UserError` for arguments of `run` that do not go together. */
export function checkRunArguments(files: readonly string[], options: RunOptions): void {
  const { resume, retry, only = [], dryRun } = options
  const flag = resume === undefined ? retry && '--retry' : '--resume'
  if (flag === undefined && files.length === 0)
    throw new UserError('name an experiment file to run, such as experiments/mine.yaml, or --resume')
  if (flag === undefined) return
  if (files.length > 0)
    throw new UserError(`${flag} goes on with a frozen plan: leave out ${plain(files.join(' '))}, or leave out ${flag}`)
  if (only.length > 0)
    throw new UserError(
      `--only chooses among the cells of a file, and a frozen plan runs whole: leave out --only or ${flag}`,
    )
  if (dryRun) throw new UserError(`--dry-run shows what a file would run: it does not go with ${flag}`)
}
