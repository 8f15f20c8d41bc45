import type { Metric } from '../domain/metric.ts'
import { parsedOr } from './columns.ts'
import { pageRequests } from './page-requests.ts'
import type { Store } from './store.ts'

/** A request as the views name its columns; what is absent is NULL. */
export type RequestColumns = {
  request_id: number
  phase: string
  ordinal: number
  part: string
  prompt_id: string
  client: number
  status: string
  reason: string | null
  detail: string | null
  scheduled_us: number
  sent_us: number
  done_us: number
  finish: string | null
  prompt_tokens: number | null
  cached_tokens: number | null
  output_tokens: number | null
  tokens_from: string | null
  pool_wait_us: number | null
  connect_us: number | null
  first_chunk_us: number | null
  counted_tokens: number | null
  metrics: Partial<Record<Metric, number>>
}

const columns = `r.id AS request_id, r.phase, r.ordinal, r.part, r.prompt_id, r.client, r.status, r.reason, r.detail,
    r.scheduled_us, r.sent_us, r.done_us, r.finish, r.prompt_tokens, r.cached_tokens, r.output_tokens, r.tokens_from,
    r.pool_wait_us, r.connect_us, r.first_chunk_us, r.counted_tokens`

/** The requests of a trial in the order of the spool, without their events: `pageRows` at a time, so that many take no room. */
export function* requestRows(store: Store, trialId: number, pageRows?: number): Generator<RequestColumns> {
  const place = { trialId, ...(pageRows !== undefined && { pageRows }) }
  for (const rows of pageRequests<Omit<RequestColumns, 'metrics'>>(store, columns, place))
    for (const { record: _, metrics, ...row } of rows)
      yield { ...row, metrics: parsedOr<RequestColumns['metrics']>(metrics, {}) }
}
