import type { NoiseFloor } from '../domain/noise-floor.ts'
import type { Store } from './store.ts'

const columns = 'host, device, engine, metric, blocks, floor, plan AS planId, measured_at_ms AS measuredAtMs'
const order = 'ORDER BY measured_at_ms, plan, host, device, engine, metric'

/** The noise floors that plans of a store have measured, the oldest first. */
export function readNoiseFloors(store: Store): NoiseFloor[] {
  return store.read(() => store.sql<NoiseFloor>(`SELECT ${columns} FROM noise_floor ${order}`).all())
}

/**
 * Those that were measured in sessions which began before the first of a plan: what came after it is none of its verdicts' business, so
 * that they stay as they are however often its target is measured again. Its own are not among them.
 */
export function floorsBefore(store: Store, planId: string): NoiseFloor[] {
  return store.read(() =>
    store
      .sql<NoiseFloor>(
        `SELECT ${columns} FROM noise_floor
         WHERE plan <> @planId AND measured_at_ms < (SELECT min(started_at_ms) FROM session WHERE plan = @planId) ${order}`,
      )
      .all({ planId }),
  )
}

/** Keeps what a plan has measured in place of what was kept of it. */
export function keepNoiseFloors(store: Store, planId: string, floors: readonly NoiseFloor[]): void {
  store.write(() => {
    store.sql('DELETE FROM noise_floor WHERE plan = ?').run(planId)
    const insertion = store.sql(
      `INSERT INTO noise_floor (plan, host, device, engine, metric, blocks, floor, measured_at_ms)
       VALUES (@planId, @host, @device, @engine, @metric, @blocks, @floor, @measuredAtMs)`,
    )
    for (const floor of floors) insertion.run({ ...floor, planId })
  })
}
