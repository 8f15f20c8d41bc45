import type { LaunchRow } from '../domain/plan-data.ts'
import type { LaunchOutcome } from '../domain/record.ts'
import type { FailureReason } from '../domain/timeline.ts'
import type { Store } from './store.ts'

type Ending = { launchId: number; outcome: LaunchOutcome; atMs: number }

type Failing = { launchId: number; reason: FailureReason; detail: string; atMs: number }

const statusOf = {
  ok: 'ok',
  failed: 'failed',
  stopped: 'interrupted',
  refused: 'interrupted',
} satisfies Record<LaunchOutcome['status'], LaunchRow['status']>

/**
 * Ends a running launch, and with it the trial that runs: a failure fails it, and where no trial had been started all of them
 * (the engine did not come up, and would not the next time); a stop interrupts it. Trials that were not started stay pending,
 * for a launch that continues this one.
 */
export function endLaunch(store: Store, { launchId, outcome, atMs }: Ending): void {
  store.write(() => {
    const { changes } = store
      .sql(`UPDATE launch SET status = ?, outcome = ?, ended_at_ms = ? WHERE id = ? AND status = 'running'`)
      .run(statusOf[outcome.status], JSON.stringify(outcome), atMs, launchId)
    if (changes !== 1) throw new Error(`launch ${launchId} is not running`)
    if (outcome.status === 'ok') assertNoneOpen(store, launchId)
    else if (outcome.status === 'failed') failTrials(store, launchId, outcome)
    else interruptRunning(store, launchId)
  })
}

/** Fails what is left of a launch that has not been started, or was refused: nothing of it was measured, and why. */
export function failLaunch(store: Store, { launchId, reason, detail, atMs }: Failing): void {
  const outcome: LaunchOutcome = { status: 'failed', reason, detail, logTail: '' }
  store.write(() => {
    const { changes } = store
      .sql(
        `UPDATE launch SET status = 'failed', outcome = ?, ended_at_ms = ?
         WHERE id = ? AND status IN ('pending', 'interrupted')`,
      )
      .run(JSON.stringify(outcome), atMs, launchId)
    if (changes !== 1) throw new Error(`launch ${launchId} is neither pending nor interrupted`)
    store
      .sql(
        `UPDATE trial SET status = 'failed', reason = ?, detail = ?
         WHERE launch = ? AND status IN ('pending', 'interrupted') AND unused IS NULL`,
      )
      .run(reason, detail, launchId)
  })
}

function assertNoneOpen(store: Store, launchId: number): void {
  const open = store
    .sql<{ id: number }>(`SELECT id FROM trial WHERE launch = ? AND status IN ('pending', 'running')`)
    .get(launchId)
  if (open !== undefined) throw new Error(`launch ${launchId} ended well, but its trial ${open.id} did not`)
}

function failTrials(store: Store, launchId: number, { reason, detail }: Extract<LaunchOutcome, { status: 'failed' }>) {
  store
    .sql(
      `UPDATE trial SET status = 'failed', reason = ?, detail = ?
       WHERE launch = ? AND (status = 'running' OR status = 'pending'
         AND NOT EXISTS (SELECT 1 FROM trial o WHERE o.launch = trial.launch AND o.started_us IS NOT NULL))`,
    )
    .run(reason, detail, launchId)
}

function interruptRunning(store: Store, launchId: number): void {
  store
    .sql(`UPDATE trial SET status = 'interrupted', reason = 'stopped' WHERE launch = ? AND status = 'running'`)
    .run(launchId)
}
