import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import { type Nullable, parsedOr, present } from './columns.ts'
import type { Store } from './store.ts'

/** What of a launch says that something has changed. */
export type ProgressLaunch = Pick<LaunchRow, 'id' | 'status' | 'spoolOffset' | 'arm' | 'block' | 'role' | 'spool'> & {
  /** Milliseconds since 1970, by the clock of the worker. */
  claimedAtMs?: number
}

/** A trial with the times that it took, in microseconds from its launch's origin. */
export type ProgressTrial = Pick<
  TrialRow,
  'id' | 'launchId' | 'cellId' | 'block' | 'role' | 'status' | 'reason' | 'detail' | 'invalid' | 'metrics'
> & {
  /** Of its launch: one that goes on for another has that one's. */
  ordinal: number
  startedUs?: number
  endedUs?: number
}

type TrialColumns = Nullable<Omit<ProgressTrial, 'invalid' | 'metrics'>> & Record<'invalid' | 'metrics', string | null>

/** The launches of a plan in the order in which they run. */
export function progressLaunches(store: Store, planId: string): ProgressLaunch[] {
  return store.read(() =>
    store
      .sql<Nullable<ProgressLaunch>>(
        `SELECT id, status, spool_offset AS spoolOffset, arm, block, role, spool, claimed_at_ms AS claimedAtMs
         FROM launch WHERE plan = ? ORDER BY ordinal, attempt, id`,
      )
      .all(planId)
      .map((row) => present(row) as ProgressLaunch),
  )
}

/** The trials of a launch, in order. */
export function progressTrials(store: Store, launchId: number): ProgressTrial[] {
  return store.read(() =>
    store
      .sql<TrialColumns>(
        `SELECT t.id, t.launch AS launchId, c.cell_id AS cellId, l.block, l.role, l.ordinal, t.status, t.reason, t.detail, t.invalid,
           t.started_us AS startedUs, t.ended_us AS endedUs, m.metrics
         FROM trial t JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell LEFT JOIN measurement m ON m.trial = t.id
         WHERE t.launch = ? ORDER BY t.id`,
      )
      .all(launchId)
      .map(({ invalid, metrics, ...columns }) => ({
        ...(present(columns) as Omit<ProgressTrial, 'invalid' | 'metrics'>),
        invalid: parsedOr<ProgressTrial['invalid']>(invalid, []),
        metrics: parsedOr<ProgressTrial['metrics']>(metrics, {}),
      })),
  )
}

/** Another text as soon as this program or another has written to the store: asking costs next to nothing. */
export function changeMark(store: Store): string {
  const others = store.sql<{ data_version: number }>('PRAGMA data_version').get()
  const own = store.sql<{ n: number }>('SELECT total_changes() AS n').get()
  return `${others?.data_version}.${own?.n}`
}
