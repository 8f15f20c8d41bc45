import type { Ns } from '../domain/timeline.ts'

/** `size` at once, again and again. */
export function* burstArrivals({ size, everyMs }: { size: number; everyMs: number }): Generator<Ns> {
  for (let index = 0; ; index += 1) yield Math.floor(index / size) * everyMs * 1e6
}
