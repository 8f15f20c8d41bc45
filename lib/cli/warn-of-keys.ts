import { missingKeys } from '../lab/missing-keys.ts'
import type { Io } from './io.ts'

/** Says which keys of servers are not there: no mistake of who only plans, perhaps for another machine. */
export function warnOfKeys(cells: Parameters<typeof missingKeys>[0], io: Pick<Io, 'env' | 'stderr'>): void {
  for (const why of missingKeys(cells, io)) io.stderr(`warning: ${why}; benchbook run refuses to start without it\n`)
}
