import type { RecordedStream } from '../domain/timeline.ts'
import type { Store } from './store.ts'

/** The bytes that were kept of a trial's answers, by the id of their request. */
export function readStreams(store: Store, trialId: number): Map<number, RecordedStream> {
  const rows = store.read(() =>
    store
      .sql<{ request: number; deltasUs: string; lengths: string; bytes: Buffer }>(
        `SELECT s.request, s.deltas_us AS deltasUs, s.lengths, s.bytes
         FROM stream s JOIN request r ON r.id = s.request WHERE r.trial = ? ORDER BY r.record`,
      )
      .all(trialId),
  )
  return new Map(
    rows.map(({ request, deltasUs, lengths, bytes }) => [
      request,
      {
        deltasUs: JSON.parse(deltasUs) as number[],
        lengths: JSON.parse(lengths) as number[],
        bytes: bytes.toString('base64'),
      },
    ]),
  )
}
