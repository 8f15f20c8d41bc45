import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { reportPath } from '../lab/build-report.ts'
import { type Finish, finishHook } from '../lab/finish-hook.ts'
import { unknownHook } from '../lab/known-hooks.ts'
import { findLab } from '../lab/lab.ts'
import { ProgressReader } from '../run/progress.ts'
import type { Store } from '../store/store.ts'
import type { Io } from './io.ts'

type Run = {
  plan: Plan
  store: Store
  io: Io
  keys: { soft: AbortSignal; hard: AbortSignal }
  /** Whether the user has agreed to what the lab's settings have told. */
  agreed: boolean
}

/**
 * Whether what a lab's settings have told of the end may be: they may come from a stranger, and run a program or send what a
 * variable of the environment holds. Asked once for each lab and each hook; said to where nobody can be asked.
 */
export async function agreesToFinish(io: Io, { yes }: { yes?: true }): Promise<boolean> {
  const asked = unknownHook(io)
  if (asked === undefined) return true
  if (yes || (await io.confirm?.(`${asked.does}. Is that yours, or as you want it?`))) {
    asked.agree()
    return true
  }
  io.stderr(`warning: ${asked.does}: nobody has agreed to that here, so nobody will be told; --yes agrees\n`)
  return false
}

/** Runs a plan, and has its end told as the lab's settings want it, whatever it is; that this fails changes nothing. */
export async function withFinish(run: Run, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const { io, keys, agreed } = run
  const hook = agreed ? finishHook(io) : undefined
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

function finishOf({ plan, store, io }: Run, exitCode: ExitCode, durationMs: number): Finish {
  const { counts } = new ProgressReader(store, plan).read() // none of a plan that was refused before it was kept
  const { ok, invalid, failed } = counts
  const all = plan.launches.flatMap(({ cellIds }) => cellIds).length
  const { root } = findLab(io.cwd)
  const report = join(io.cwd, reportPath(plan, io))
  return {
    plan: plan.id,
    experiment: plan.experiment.name,
    title: plan.experiment.title,
    status: statusOf[exitCode] ?? 'error',
    exitCode,
    trials: { all, ok, invalid, failed, open: all - ok - invalid - failed },
    ...(exitCode !== exitCodes.interrupted && existsSync(report) && { report: relative(root, report) }),
    durationMs,
  }
}
