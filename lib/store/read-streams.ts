import type { RecordedStream } from '../domain/timeline.ts'
import type { Store } from './store.ts'

type StreamRow = { request: number; deltasUs: string; lengths: string; bytes: Buffer }

const columns = 's.request, s.deltas_us AS deltasUs, s.lengths, s.bytes'

/** The bytes that were kept of a trial's answers, by the id of their request. */
export function readStreams(store: Store, trialId: number): Map<number, RecordedStream> {
  const rows = store.read(() =>
    store
      .sql<StreamRow>(
        `SELECT ${columns} FROM stream s JOIN request r ON r.id = s.request WHERE r.trial = ? ORDER BY r.record`,
      )
      .all(trialId),
  )
  return new Map(rows.map((row) => [row.request, toStream(row)]))
}

/** The bytes that were kept of one answer; `undefined` where there are none. */
export function readStream(store: Store, requestId: number): RecordedStream | undefined {
  const row = store.read(() =>
    store.sql<StreamRow>(`SELECT ${columns} FROM stream s WHERE s.request = ?`).get(requestId),
  )
  return row && toStream(row)
}

/** How many answers of a plan were kept, and the request of the first that was measured. */
export function countStreams(store: Store, planId: string): { streams: number; first: number | undefined } {
  const row = store.read(() =>
    store
      .sql<{ streams: number; first: number | null }>(
        `SELECT count(*) AS streams, coalesce(min(CASE WHEN r.phase = 'measured' AND r.status = 'ok' THEN r.id END), min(r.id)) AS first
         FROM stream s JOIN request r ON r.id = s.request
           JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
         WHERE l.plan = ?`,
      )
      .get(planId),
  )
  return { streams: row?.streams ?? 0, first: row?.first ?? undefined }
}

function toStream({ deltasUs, lengths, bytes }: StreamRow): RecordedStream {
  return {
    deltasUs: JSON.parse(deltasUs) as number[],
    lengths: JSON.parse(lengths) as number[],
    bytes: bytes.toString('base64'),
  }
}
