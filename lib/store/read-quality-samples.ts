import type { QualitySample } from '../domain/compared.ts'
import type { Metric } from '../domain/metric.ts'
import type { Store } from './store.ts'

export type QualitySamples = Partial<Record<Metric, readonly QualitySample[]>>
type Columns = { id: string; n: number | null; isBound: number | null } & Record<
  'nll' | 'baseNll' | 'kld' | 'sameTop',
  number | null
>

const sumOf = (column: string) => `(SELECT sum(value) FROM json_each(${column}))`

// As `measure/window-quality.ts` has it: of a window that was evaluated again the first. SQLite takes the other columns from the row of the min().
const windows = `WITH first AS (
  SELECT prompt_id, nll, base_nll, base_kld, base_same_top, base_is_bound, min(sent_us) FROM request
  WHERE trial = ? AND phase = 'measured' AND part = 'window' GROUP BY prompt_id
)
SELECT prompt_id AS id, json_array_length(nll) AS n, ${sumOf('nll')} AS nll, ${sumOf('base_nll')} AS baseNll,
  ${sumOf('base_kld')} AS kld, ${sumOf('base_same_top')} AS sameTop, base_is_bound AS isBound
FROM first ORDER BY prompt_id`

const checks = `SELECT r.prompt_id AS id, sum(json_extract(m.metrics, '$.check_share')) AS sum, count(*) AS n
FROM request r JOIN measurement m ON m.request = r.id
WHERE r.trial = ? AND r.phase = 'measured' AND r.status = 'ok' AND json_extract(m.metrics, '$.check_share') IS NOT NULL
GROUP BY r.prompt_id ORDER BY r.prompt_id`

/**
 * What each chunk of a text, or each prompt, says of a trial's quality: sums over its scored tokens (nats, or tokens that agree) or
 * over its answers (those that passed), and how many these are. Of `ppl_ratio` it is the sum of ln p_base - ln p. Nothing of
 * windows where one failed: that is another text. `undefined` where nothing was measured of quality.
 */
export function readQualitySamples(store: Store, trialId: number): QualitySamples | undefined {
  const scored = store.sql<Columns>(windows).all(trialId)
  const checked = store.sql<QualitySample>(checks).all(trialId)
  const samples = { ...ofWindows(scored), ...(checked.length > 0 && { check_share: checked }) }
  return Object.keys(samples).length > 0 ? samples : undefined
}

function ofWindows(rows: readonly Columns[]): QualitySamples {
  const sums = (sumIn: (row: Columns) => number | null): QualitySample[] | undefined => {
    const found = rows.flatMap((row) => {
      const sum = sumIn(row)
      return sum === null || row.n === null ? [] : [{ id: row.id, sum, n: row.n }]
    })
    return found.length > 0 && found.length === rows.length ? found : undefined
  }
  const isBound = rows.some((row) => row.isBound === 1)
  const found: { [M in Metric]?: readonly QualitySample[] | undefined } = {
    perplexity: sums(({ nll }) => nll),
    ppl_ratio: sums(({ nll, baseNll }) => (nll === null || baseNll === null ? null : nll - baseNll)),
    [isBound ? 'kld_at_least' : 'kld']: sums(({ kld }) => kld),
    top_token_share: sums(({ sameTop }) => sameTop),
  }
  // A failed window has none of them, and so there is none at all.
  return Object.fromEntries(Object.entries(found).filter(([, samples]) => samples !== undefined))
}
