import type { Ns } from '../domain/timeline.ts'

/** As they were recorded, `speed` times as fast. */
export function* traceArrivals({ arrivalsMs, speed }: { arrivalsMs: readonly number[]; speed: number }): Generator<Ns> {
  for (const ms of arrivalsMs) yield Math.round((ms * 1e6) / speed)
}
