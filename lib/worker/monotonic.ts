import type { Ns } from '../domain/timeline.ts'

/** The machine's monotonic clock, the same for all of its processes. */
export const monotonicNs = (): Ns => Number(process.hrtime.bigint())
