import type { QualitySample } from '../domain/compared.ts'
import type { Metric } from '../domain/metric.ts'
import type { Store } from './store.ts'

type Samples = Partial<Record<Metric, readonly QualitySample[]>>
type Columns = { trialId: number; id: string; n: number | null; isBound: number | null } & Record<
  'nll' | 'ratio' | 'kld' | 'same',
  number | null
>

// Of a window that was evaluated again the first counts: of a row with a minimum SQLite takes the other columns too.
const windows = `SELECT r.trial AS trialId, r.prompt_id AS id, min(r.sent_us) AS first, json_array_length(r.nll) AS n,
    (SELECT sum(value) FROM json_each(r.nll)) AS nll,
    (SELECT sum(value) FROM json_each(r.nll)) - (SELECT sum(value) FROM json_each(r.base_nll)) AS ratio,
    (SELECT sum(value) FROM json_each(r.base_kld)) AS kld, (SELECT sum(value) FROM json_each(r.base_same_top)) AS same,
    r.base_is_bound AS isBound
  FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
  WHERE l.plan = ? AND t.status = 'ok' AND t.unused IS NULL AND r.part = 'window' AND r.phase = 'measured'
  GROUP BY r.trial, r.prompt_id ORDER BY r.trial, r.prompt_id`

const checks = `SELECT r.trial AS trialId, r.prompt_id AS id, count(*) AS n,
    sum(json_extract(m.metrics, '$.check_share')) AS passed
  FROM request r JOIN measurement m ON m.request = r.id JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
  WHERE l.plan = ? AND t.status = 'ok' AND t.unused IS NULL AND r.phase = 'measured' AND r.status = 'ok'
    AND json_extract(m.metrics, '$.check_share') IS NOT NULL
  GROUP BY r.trial, r.prompt_id ORDER BY r.trial, r.prompt_id`

/**
 * By trial, of those that count, what each chunk of a text, or each prompt, says of quality: sums over its scored tokens (nats, or
 * tokens that agree) or its answers, and how many these are. Of `ppl_ratio` the sum of ln p_base - ln p. Nothing of a trial of
 * which a window failed: its text is another.
 */
export function readQualitySamples(store: Store, planId: string): ReadonlyMap<number, Samples> {
  return store.read(() => {
    const scored = Map.groupBy(store.sql<Columns>(windows).all(planId), ({ trialId }) => trialId)
    const answers = Map.groupBy(
      store.sql<{ trialId: number; id: string; n: number; passed: number }>(checks).all(planId),
      ({ trialId }) => trialId,
    )
    return new Map([
      ...[...scored].map(([trialId, rows]) => [trialId, ofWindows(rows)] as const),
      ...[...answers].map(
        ([trialId, rows]) =>
          [trialId, { check_share: rows.map(({ id, n, passed }) => ({ id, n, sum: passed })) }] as const,
      ),
    ])
  })
}

function ofWindows(rows: readonly Columns[]): Samples {
  const sums = (pick: (row: Columns) => number | null): QualitySample[] | undefined => {
    const found = rows.flatMap((row) => {
      const sum = pick(row)
      return sum === null || row.n === null ? [] : [{ id: row.id, n: row.n, sum }]
    })
    return found.length === rows.length ? found : undefined
  }
  const [perplexity, ratio, kld, same] = [
    sums(({ nll }) => nll),
    sums((row) => row.ratio),
    sums((row) => row.kld),
    sums((row) => row.same),
  ]
  return {
    ...(perplexity && { perplexity }),
    ...(ratio && { ppl_ratio: ratio }),
    ...(kld && (rows.some(({ isBound }) => isBound === 1) ? { kld_at_least: kld } : { kld })),
    ...(same && { top_token_share: same }),
  }
}
