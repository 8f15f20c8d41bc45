import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { quoted } from '../domain/quoted.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { findPlan } from '../store/find-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import { eachFile, throwIfAny } from './each-file.ts'
import { expandFile } from '../lab/expand-file.ts'
import type { Io } from './io.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { makePlan } from '../lab/make-plan.ts'
import { plan as showPlan, type PlanOptions } from './plan-command.ts'
import { reportRun, runnerFor } from './run-reported.ts'

export type RunOptions = PlanOptions & { resume?: true | string; acceptSetup?: true; dryRun?: true }

/** Measures what the files declare, or goes on with a plan; ends with a report of each. */
export async function run(files: readonly string[], options: RunOptions, io: Io): Promise<ExitCode> {
  checkArguments(files, options)
  if (options.dryRun) {
    for (const file of files) await showPlan(file, options, io)
    return exitCodes.ok
  }
  // All files are checked before the first is measured.
  const { done: plans, wrong } = await eachFile(files, (file) => planToRun(file, options, io))
  throwIfAny(wrong)
  const resumed = options.resume === undefined ? undefined : planToResume(options.resume, options, io)
  using store = openLabStore(options, io, 'write')
  const reported = { store, options, io }
  const runner = runnerFor(reported)
  if (resumed !== undefined)
    return await reportRun(await runner.resume(resumed, options.acceptSetup ? 'any' : 'same'), reported)
  const ended: ExitCode[] = []
  for (const plan of plans) {
    ended.push(await reportRun(await runner.begin(plan), reported))
    if (ended.at(-1) === exitCodes.interrupted) return exitCodes.interrupted
  }
  return ended.find((code) => code !== exitCodes.ok) ?? exitCodes.ok
}

async function planToRun(file: string, options: RunOptions, io: Io): Promise<Plan> {
  const plan = await makePlan(await expandFile(file, options, io), options, commandOf(file, options))
  if (plan.launches.length > 0) return plan
  const reasons = [...new Set(plan.skipped.map(({ detail }) => detail))].join('; ')
  throw new UserError(
    `nothing of ${plain(file)} can run here, every cell is skipped: ${reasons}`,
    exitCodes.unavailable,
  )
}

/** What the user typed, as a reader of the report would type it: it makes a plan of the same cells, in an order of its own. */
function commandOf(file: string, { set, blocks, quick, rigorous, allowOutside, ignoreFit }: RunOptions): string {
  const flags = [
    blocks && `--blocks ${blocks}`,
    quick && '--quick',
    rigorous && '--rigorous',
    allowOutside && '--allow-outside',
    ignoreFit && '--ignore-fit',
  ].filter(Boolean)
  const words = [quoted(file), ...set.map((setting) => `--set ${quoted(setting)}`), ...flags]
  return `benchbook run ${words.join(' ')}`
}

/** The plan to go on with: the one named, else the last that has trials to measure. */
function planToResume(named: true | string, options: RunOptions, io: Io): string {
  using store = openLabStore(options, io, 'read') // where there is none, none is made
  if (named !== true) return findPlan(store, named)
  const open = listPlans(store).find(({ trials }) => trials.pending + trials.running + trials.interrupted > 0)
  if (open === undefined) throw new UserError(`every plan in ${store.file} is complete: there is nothing to go on with`)
  return open.id
}

function checkArguments(files: readonly string[], { resume, dryRun }: RunOptions): void {
  if (resume === undefined && files.length === 0)
    throw new UserError('name an experiment file to run, such as experiments/quickstart.yaml, or --resume')
  if (resume !== undefined && files.length > 0)
    throw new UserError(
      `--resume goes on with a frozen plan: leave out ${plain(files.join(' '))}, or leave out --resume`,
    )
  if (resume !== undefined && dryRun)
    throw new UserError('--dry-run shows what a file would run: it does not go with --resume')
}
