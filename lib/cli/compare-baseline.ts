import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { baselinePlan } from '../lab/baseline-plan.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { hasOpenRates } from '../lab/plan-to-run.ts'
import { isExperimentFile } from '../lab/published-files.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { measurePlan } from './measure-plan.ts'
import { planText } from './plan-command.ts'
import { fetchMissing } from './pull-command.ts'

/** Options of a comparison that measures. */
export type BaselineOptions = {
  baseline?: string
  blocks?: number
  set?: string[]
  dryRun?: true
  yes?: true
}

type Measured = CommonOptions & BaselineOptions & { arms?: readonly string[] }

/** How a baseline was measured beside the cells of a file. */
export type MeasuredBaseline =
  | { status: 'measured'; planId: string; exitCode: ExitCode }
  | { status: 'ended'; exitCode: ExitCode }

/** Measures what a file declares and a baseline beside it, in the blocks of one plan. */
export async function measureBaseline(
  file: string,
  baseline: string,
  options: Measured,
  io: Io,
): Promise<MeasuredBaseline> {
  checkArguments(file, options)
  const { blocks, set = [], dryRun } = options
  const asked = { baseline, set, ...(blocks !== undefined && { blocks }) }
  const before = await baselinePlan(file, asked, io)
  if (hasOpenRates(before))
    throw new UserError('--baseline needs a rate that is known: give it with --set load.ratePerSecond=N')
  if (dryRun) {
    const { experiment, cells, skipped, launches, blocks: all, compare } = before.plan
    if (options.json) printJson(io, { experiment, blocks: all, cells, skipped, launches, compare })
    else io.stdout(planText(before.plan))
    return { status: 'ended', exitCode: exitCodes.ok }
  }
  const fetched = await fetchMissing(before.plan.cells, options, io)
  const { plan } = fetched ? await baselinePlan(file, asked, io) : before
  using store = openLabStore(options, io, 'write')
  const { exitCode, isWhole, report } = await measurePlan(plan, { store, options, io })
  if (exitCode === exitCodes.interrupted) io.stderr(`afterwards: benchbook compare ${plan.id}\n`)
  if (report !== undefined) io.stderr(`report: ${report}\n`)
  return isWhole ? { status: 'measured', planId: plan.id, exitCode } : { status: 'ended', exitCode }
}

/** What goes with a baseline is of no use without one, and the other way round. */
function checkArguments(file: string, { arms }: Measured): void {
  if (!isExperimentFile(file))
    throw new UserError(
      `--baseline is measured beside what a file declares: name an experiment file, not ${plain(file)}`,
    )
  if (arms !== undefined) throw new UserError('--baseline makes the arms itself: leave out --arms')
}

/** Throws a `UserError` for what only a comparison with a baseline takes. */
export function requireBaseline({ baseline, blocks, set = [], dryRun, yes }: BaselineOptions): void {
  if (baseline !== undefined) return
  const given = { '--blocks': blocks !== undefined, '--set': set.length > 0, '--dry-run': dryRun, '--yes': yes }
  const flags = Object.entries(given).flatMap(([flag, is]) => (is ? [flag] : []))
  if (flags.length > 0)
    throw new UserError(`${flags.join(', ')} is for what is measured: add --baseline, or leave it out`)
}
