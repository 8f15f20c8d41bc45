import { plain, plainLines } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { findPlan } from '../store/find-plan.ts'
import { readPlan } from '../store/read-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import { eachFile, throwIfAny } from './each-file.ts'
import type { Io } from './io.ts'
import { requireClean } from '../lab/clean-checkout.ts'
import { findLab } from '../lab/lab.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { clearLeftProbes } from '../lab/left-probes.ts'
import { type Declared, declared, frozen, hasOpenRates } from '../lab/plan-to-run.ts'
import { checkRunArguments, type RunOptions } from './run-arguments.ts'
import { compareNotes } from '../experiment/freeze-compare.ts'
import { durationMs } from '../experiment/duration.ts'
import { plans as showPlans } from './plan-command.ts'
import { fetchMissing } from './pull-command.ts'
import { agreesToFinish, withFinish } from './run-finish.ts'
import { reportRun, runnerFor } from './run-reported.ts'
import { ToldRuns } from './told-runs.ts'

/** Measures what the files declare, or goes on with a plan; ends with a report of each. */
export async function run(files: readonly string[], options: RunOptions, io: Io): Promise<ExitCode> {
  checkRunArguments(files, options)
  const maxTimeMs = options.maxTime === undefined ? undefined : durationMs(options.maxTime, '--max-time')
  if (options.dryRun) {
    await showPlans(files, options, io)
    return exitCodes.ok
  }
  // All files are checked before the first is measured.
  const { done: found, wrong } = await allDeclared(files, options, io)
  if (!options.keepGoing || found.length === 0) throwIfAny(wrong)
  for (const { expanded, plan } of found)
    for (const note of compareNotes(expanded.compare, plan.cells, plan.objectives)) io.stderr(`note: ${plain(note)}\n`)
  for (const error of wrong) io.stderr(`left out: ${plainLines(error.message)}\n`)
  await clearLeftProbes(storeFile(options, io), { say: (line) => io.stderr(`${line}\n`), cwd: io.cwd })
  const goesOn = options.resume !== undefined || options.retry !== undefined
  const resumed = goesOn ? planToResume(options, io) : undefined
  if (options.requireClean) await requireClean(findLab(io.cwd).root, storeFile(options, io))
  const agreed = await agreesToFinish(io, options)
  const plans = await frozenPlans(found, options, io)
  if (plans === 'interrupted') return exitCodes.interrupted
  using store = openLabStore(options, io, 'write')
  using told = new ToldRuns(files.length, io)
  const reported = { store, options, io, told, keys: io.catchInterrupts() }
  const runner = runnerFor(reported, maxTimeMs)
  const finishing = (plan: Plan, work: () => Promise<ExitCode>) =>
    withFinish({ plan, store, io, keys: reported.keys, agreed }, work)
  if (resumed !== undefined) {
    const setup = options.acceptSetup ? 'any' : 'same'
    const how = { setup, retryFailed: options.retry === 'failed' } as const
    return await finishing(readPlan(store, resumed), async () => reportRun(await runner.resume(resumed, how), reported))
  }
  const ended: ExitCode[] = wrong.length > 0 ? [exitCodes.trialsFailed] : []
  for (const plan of plans) {
    ended.push(await finishing(plan, async () => reportRun(await runner.begin(plan), reported)))
    if (ended.at(-1) === exitCodes.interrupted) return exitCodes.interrupted
  }
  return ended.find((code) => code !== exitCodes.ok) ?? exitCodes.ok
}

/** What the files declare, once the models that they need are here. */
async function allDeclared(files: readonly string[], options: RunOptions, io: Io) {
  const declare = () => eachFile(files, (file) => declared(file, options, io))
  const before = await declare()
  if (!options.keepGoing) throwIfAny(before.wrong)
  const cells = before.done.flatMap(({ plan }) => plan.cells)
  // What a model is told by its file: with it, other cells may fit.
  return (await fetchMissing(cells, options, io)) ? declare() : before
}

/** What runs, with every rate found; a Ctrl-C meanwhile leaves nothing behind. */
async function frozenPlans(found: readonly Declared[], options: RunOptions, io: Io): Promise<Plan[] | 'interrupted'> {
  // Until there is something to find, Ctrl-C ends the program at once.
  const interrupt = found.some(hasOpenRates) ? io.catchInterrupts().soft : new AbortController().signal
  const finding = {
    place: io,
    file: storeFile(options, io),
    say: (line: string) => io.stderr(`${line}\n`),
    interrupt,
  }
  const plans: Plan[] = []
  try {
    for (const one of found) plans.push(await frozen(one, options, finding))
    return plans
  } catch (error) {
    if (!interrupt.aborted) throw error
    io.stderr('interrupted while rates were looked for: nothing is kept\n')
    return 'interrupted'
  }
}

/** The plan to go on with: the one named, else the last that has trials to measure, or failed ones where they are to be retried. */
function planToResume({ resume = true, retry, ...options }: RunOptions, io: Io): string {
  using store = openLabStore(options, io, 'read') // where there is none, none is made
  if (resume !== true) return findPlan(store, resume)
  const found = listPlans(store).find(({ trials }) =>
    retry === undefined ? trials.pending + trials.running + trials.interrupted > 0 : trials.failed > 0,
  )
  if (found !== undefined) return found.id
  throw new UserError(
    retry === undefined
      ? `every plan in ${store.file} is complete: there is nothing to go on with`
      : `no plan in ${store.file} has failed trials: there is nothing to retry`,
  )
}
