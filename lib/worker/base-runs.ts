import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BaseScoring, LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { TrialEnd } from '../domain/record.ts'
import type { BaseProcess } from './base-process.ts'
import { ofBase } from './evaluate-base.ts'

/** What came of a trial's base: where it is to be read, or why there is nothing. */
export type BaseRun = { status: 'ok'; scoring: BaseScoring } | Extract<TrialEnd, { status: 'failed' }>

type Options = {
  /** Where folders for what bases say may lie. */
  spool: string
  start: (trialId: number, folder: string) => BaseProcess
  /** Aborted: stop at once. */
  signal: AbortSignal
}

/**
 * Scores the texts of a launch's trials with their bases, one after the other, each within its trial's limits for loading and for
 * the trial. By trial; disposed, all that was written is gone.
 */
export async function runBases(
  launch: Pick<LaunchSpec, 'trials'>,
  { spool, start, signal }: Options,
): Promise<ReadonlyMap<number, BaseRun> & Disposable> {
  const runs = new Map<number, BaseRun>()
  const folders: string[] = []
  for (const trial of launch.trials.filter(({ base }) => base !== undefined)) {
    if (signal.aborted) break
    const folder = join(spool, `base-${trial.trialId}`)
    folders.push(folder)
    mkdirSync(folder, { recursive: true })
    const end = await endOf(start(trial.trialId, folder), trial, signal)
    runs.set(trial.trialId, end.status === 'ok' ? { ...end, scoring: { folder, as: 'read' } } : end)
  }
  const dispose = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  return Object.assign(runs, { [Symbol.dispose]: dispose })
}

async function endOf(base: BaseProcess, { limits }: TrialSpec, signal: AbortSignal): Promise<TrialEnd> {
  const ms = limits.loadMs + limits.trialMs
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    base.kill()
  }, ms)
  signal.addEventListener('abort', base.kill, { once: true })
  try {
    const end = await base.ended
    return isLate && end.status === 'failed'
      ? ofBase({ reason: 'trial-timeout', detail: `its text was not scored within ${ms} ms` })
      : end
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', base.kill)
  }
}
