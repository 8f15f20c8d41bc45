import type { RequestRow } from '../domain/plan-data.ts'
import { type Nullable, parsedOr } from './columns.ts'
import { pageRequests, type Paged } from './page-requests.ts'
import type { Store } from './store.ts'

type Columns = Paged<Nullable<Omit<RequestRow, 'metrics' | 'trialId'>>>

const selected = `r.id, r.ordinal AS "index", r.phase, r.part, r.prompt_id AS promptId, r.client, r.sent_us AS sentUs,
    r.done_us AS doneUs, r.status, r.reason, r.prompt_tokens AS promptTokens, r.output_tokens AS outputTokens`

/** The requests of `trials`, trial by trial in the order of the spool, without their events: a page at a time. */
export function* requestPages(store: Store, trials: readonly { id: number }[]): Generator<RequestRow[]> {
  for (const { id } of trials)
    for (const rows of pageRequests<Columns>(store, selected, { trialId: id }))
      yield rows.map((row) => toRequest(row, id))
}

/** How many requests `trials` have. */
export function countRequests(store: Store, trials: readonly { id: number }[]): number {
  const count = 'SELECT count(*) AS n FROM request WHERE trial = ?'
  return store.read(() => trials.reduce((sum, { id }) => sum + (store.sql<{ n: number }>(count).get(id)?.n ?? 0), 0))
}

// Step by step rather than with spreads, which would be a second of a million requests.
function toRequest(columns: Columns, trialId: number): RequestRow {
  const { id, index, phase, part, promptId, client, sentUs, doneUs, status } = columns as unknown as RequestRow
  const { reason, promptTokens, outputTokens, metrics: json } = columns
  const metrics = parsedOr<RequestRow['metrics']>(json, {})
  const row: RequestRow = { id, trialId, index, phase, part, promptId, client, sentUs, doneUs, status, metrics }
  if (reason !== null) row.reason = reason
  if (promptTokens !== null) row.promptTokens = promptTokens
  if (outputTokens !== null) row.outputTokens = outputTokens
  return row
}
