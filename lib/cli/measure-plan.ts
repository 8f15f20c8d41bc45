import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes } from '../domain/user-error.ts'
import type { Store } from '../store/store.ts'
import type { CommonOptions, Io } from './io.ts'
import { agreesToFinish, withFinish } from './run-finish.ts'
import { reportRun, runnerFor } from './run-reported.ts'
import { ToldRuns } from './told-runs.ts'

type Measuring = { store: Store; options: CommonOptions & { yes?: true }; io: Io }

/** How a plan was measured whose numbers another command goes on with. */
export type MeasuredPlan = {
  exitCode: ExitCode
  /** Whether there is all that was to be measured, even if trials failed. */
  isWhole: boolean
  /** Where its report is. */
  report?: string
}

/** Measures a plan as `run` does, but prints nothing of its own on standard output. */
export async function measurePlan(plan: Plan, { store, options, io }: Measuring): Promise<MeasuredPlan> {
  const agreed = await agreesToFinish(io, options)
  const written: string[] = []
  const own: Io = { ...io, stdout: (text) => void written.push(text.trimEnd()) }
  using told = new ToldRuns(1, own)
  const common = { ...(options.store !== undefined && { store: options.store }) }
  const run = { store, options: common, io: own, told, keys: io.catchInterrupts() }
  const work = async () => reportRun(await runnerFor(run).begin(plan), run)
  const exitCode = await withFinish({ plan, store, io: own, keys: run.keys, agreed }, work)
  const isWhole = exitCode === exitCodes.ok || exitCode === exitCodes.trialsFailed
  const [report] = written
  return { exitCode, isWhole, ...(report !== undefined && { report }) }
}
