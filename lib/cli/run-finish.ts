import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { reportPath } from '../lab/build-report.ts'
import { type Finish, finishHook } from '../lab/finish-hook.ts'
import { findLab } from '../lab/lab.ts'
import { ProgressReader } from '../run/progress.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'

type Run = { planId: string; store: Store; io: Io; keys: { soft: AbortSignal; hard: AbortSignal } }

/** Runs a plan, and has its end told as the lab's settings want it, whatever it is; that this fails changes nothing. */
export async function withFinish(run: Run, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const { io, keys } = run
  const hook = finishHook(io)
  const warn = (warning: string) => io.stderr(`warning: ${warning}\n`)
  if (hook === undefined) return work()
  if (typeof hook !== 'function') {
    warn(hook.warning)
    return work()
  }
  const startedMs = performance.now()
  let exitCode: ExitCode = exitCodes.internal
  try {
    exitCode = await work()
    return exitCode
  } catch (error) {
    if (error instanceof UserError) exitCode = error.exitCode
    throw error
  } finally {
    const durationMs = Math.round(performance.now() - startedMs)
    // A Ctrl-C that ended the run is not one for the hook.
    const signal = keys.soft.aborted ? keys.hard : keys.soft
    const warning = await hook(finishOf(run, exitCode, durationMs), signal)
    if (warning !== undefined) warn(warning)
  }
}

const statusOf: Partial<Record<ExitCode, Finish['status']>> = {
  [exitCodes.ok]: 'complete',
  [exitCodes.trialsFailed]: 'failed',
  [exitCodes.unavailable]: 'refused',
  [exitCodes.interrupted]: 'interrupted',
}

function finishOf({ planId, store, io }: Run, exitCode: ExitCode, durationMs: number): Finish {
  const plan = readPlan(store, planId)
  const { counts, trials } = new ProgressReader(store, plan).read()
  const { ok, invalid, failed, open, running } = counts
  const { root } = findLab(io.cwd)
  const report = join(io.cwd, reportPath(plan, io))
  return {
    plan: planId,
    experiment: plan.experiment.name,
    title: plan.experiment.title,
    status: statusOf[exitCode] ?? 'error',
    exitCode,
    trials: { all: trials, ok, invalid, failed, open: open + running },
    ...(exitCode !== exitCodes.interrupted && existsSync(report) && { report: relative(root, report) }),
    durationMs,
  }
}
