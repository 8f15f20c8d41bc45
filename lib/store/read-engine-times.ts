import type { EngineTimes, TrialRow } from '../domain/plan-data.ts'
import type { Store } from './store.ts'

const times = `SELECT r.trial AS trialId, count(*) AS n, avg(json_extract(m.metrics, '$.ttft_ms')) AS ttftMs,
    avg(r.engine_prompt_ms) AS promptMs
  FROM request r JOIN measurement m ON m.request = r.id
  WHERE r.trial = ? AND r.phase = 'measured' AND r.status = 'ok' AND r.part = 'completion'
    AND r.engine_prompt_ms IS NOT NULL AND json_extract(m.metrics, '$.ttft_ms') IS NOT NULL
  GROUP BY r.trial`

/** What engines took for prompts by their own timings; only trials are read whose metrics say that there are any. */
export function readEngineTimes(store: Store, trials: readonly Pick<TrialRow, 'id' | 'metrics'>[]): EngineTimes[] {
  const timed = trials.filter(({ metrics }) => metrics.prefill_tps ?? metrics.engine_decode_tps)
  return store.read(() => timed.flatMap(({ id }) => store.sql<EngineTimes>(times).all(id)))
}
