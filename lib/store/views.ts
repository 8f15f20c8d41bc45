import { isQuality, type Metric, metrics } from '../domain/metric.ts'
import { spoilingAnswers } from '../domain/spoils.ts'

const names = Object.keys(metrics) as Metric[]
const requestMetrics = names.filter((metric) => metrics[metric].level === 'request')
const columns = (of: readonly Metric[], sql: (metric: Metric) => string) =>
  of.map((metric) => `${sql(metric)} AS ${metric}`).join(',\n  ')

// Where a row of a trial lies: the same columns in every view.
const place = `p.id AS plan_id, e.name AS experiment, l.id AS launch_id, l.block, l.attempt, l.device, l.role,
  t.id AS trial_id, c.cell_id, c.axes, c.arm, c.stratum`
const placeTables = `trial t JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell
  JOIN plan p ON p.id = l.plan JOIN experiment e ON e.id = p.experiment`

const request = `CREATE VIEW v_request AS SELECT
  ${place},
  r.id AS request_id, r.phase, r.ordinal, r.part, r.prompt_id, r.client,
  r.status, r.reason, r.detail, t.invalid, t.unused,
  r.scheduled_us, r.sent_us, r.done_us, r.pool_wait_us, r.connect_us, r.first_chunk_us, r.finish,
  r.prompt_tokens, r.cached_tokens, r.output_tokens, r.tokens_from, r.counted_tokens,
  ${columns(requestMetrics, (metric) => `json_extract(m.metrics, '$.${metric}')`)}
FROM request r JOIN ${placeTables.replace('trial t', 'trial t ON t.id = r.trial')}
  LEFT JOIN measurement m ON m.request = r.id;`

const trial = `CREATE VIEW v_trial AS SELECT
  ${place},
  t.status, t.reason, t.detail, t.invalid, t.unused,
  ${columns(names, (metric) => `json_extract(m.metrics, '$.${metric}.value')`)},
  m.metrics
FROM ${placeTables} LEFT JOIN measurement m ON m.trial = t.id;`

const usable = "t.status = 'ok' AND t.invalid IS NULL"
/** What a model answers is as good in a trial whose times are not. */
const usableAnswers = `t.status = 'ok' AND (t.invalid IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(t.invalid) i
  WHERE json_extract(i.value, '$.reason') IN (${spoilingAnswers.map((reason) => `'${reason}'`).join(', ')})))`

// A value that is averaged geometrically is always above 0, so ln() of it exists.
const meanOverLaunches = (metric: Metric) => {
  const counts = isQuality(metric) ? usableAnswers : usable
  return metrics[metric].mean === 'geometric'
    ? `exp(avg(CASE WHEN ${counts} THEN ln(t.${metric}) END))`
    : `avg(CASE WHEN ${counts} THEN t.${metric} END)`
}

const cell = `CREATE VIEW v_cell AS SELECT
  p.id AS plan_id, e.name AS experiment, c.cell_id, c.axes, c.arm, c.stratum,
  CASE WHEN sum(t.status = 'ok') > 0 THEN 'ok' WHEN sum(t.status = 'failed') > 0 THEN 'failed'
    WHEN sum(t.status = 'running') > 0 THEN 'running' WHEN sum(t.status = 'pending') > 0 THEN 'pending'
    ELSE 'interrupted' END AS status,
  group_concat(DISTINCT t.reason) AS reason,
  sum(t.status = 'ok' AND t.invalid IS NOT NULL) AS invalid,
  sum(t.status = 'failed') AS failed,
  sum(${usable}) AS n,
  ${columns(names, meanOverLaunches)}
FROM cell c JOIN plan p ON p.id = c.plan JOIN experiment e ON e.id = p.experiment
  JOIN v_trial t ON t.plan_id = p.id AND t.cell_id = c.cell_id AND t.unused IS NULL AND t.role IS NULL
GROUP BY c.id
UNION ALL SELECT
  p.id, e.name, NULL, json_extract(s.value, '$.axes'), NULL, NULL,
  'skipped', json_extract(s.value, '$.reason'), 0, 0, 0,
  ${names.map(() => 'NULL').join(', ')}
FROM plan p JOIN experiment e ON e.id = p.experiment, json_each(p.skipped) s;`

// All of the place is in PARTITION BY, so that a condition on it reaches the table before the window does.
const event = `CREATE VIEW v_event AS SELECT
  ${place},
  r.id AS request_id, r.phase, r.ordinal, r.part, r.prompt_id, r.client,
  r.status, r.reason, t.invalid, t.unused,
  d.key AS event,
  sum(d.value) OVER (PARTITION BY p.id, l.id, t.id, r.id ORDER BY d.key) AS at_us,
  d.value AS delta_us,
  CASE WHEN r.event_tokens IS NULL AND r.event_characters IS NULL THEN 1
    ELSE json_extract(r.event_tokens, '$[' || d.key || ']') END AS tokens,
  json_extract(r.event_characters, '$[' || d.key || ']') AS characters,
  coalesce(json_extract(r.event_channels, '$[' || d.key || ']'), 'text') AS channel,
  coalesce(json_extract(r.event_reads, '$[' || d.key || ']'), d.key) AS socket_read
FROM request r JOIN ${placeTables.replace('trial t', 'trial t ON t.id = r.trial')}, json_each(r.event_deltas_us) d;`

const published = `CREATE VIEW v_published AS SELECT
  p.id AS post_id, p.name AS post, v.table_name, v.ordinal AS row, v.column_name,
  json_extract(c.value, '$.role') AS role, json_extract(c.value, '$.unit') AS unit, v.printed, v.value,
  coalesce(v.line, json_extract(c.value, '$.line')) AS line
FROM published_value v JOIN published_post p ON p.id = v.post,
  json_each(p.about, '$.tables') t, json_each(t.value, '$.columns') c
WHERE json_extract(t.value, '$.name') = v.table_name AND json_extract(c.value, '$.name') = v.column_name
  AND json_extract(t.value, '$.own') IS NOT 1;`

const claim = `CREATE VIEW v_claim AS SELECT
  p.id AS post_id, p.name AS post, c.of, c.kind, c.formula, c.printed,
  json_extract(c.outcome, '$.status') AS status, json_extract(c.outcome, '$.recomputed') AS recomputed,
  json_extract(c.outcome, '$.by') AS differs_by, json_extract(c.outcome, '$.withinRounding') AS within_rounding, c.lines
FROM claim c JOIN published_post p ON p.id = c.post;`

const printed = (name: string, part = 'value') => `CAST(json_extract(log, '$.statistics."${name}".${part}') AS REAL)`

const imported = `CREATE VIEW v_imported AS SELECT
  substr(digest, 1, 12) AS import_id, digest, file, imported_at_ms, model, quantization, text_digest,
  json_extract(log, '$.kind') AS kind, json_extract(log, '$.build') AS build,
  json_extract(log, '$.context') AS context, json_extract(log, '$.chunks') AS chunks,
  ${printed('perplexity')} AS perplexity, ${printed('perplexity', 'error')} AS perplexity_error,
  ${printed('ppl_ratio')} AS ppl_ratio, ${printed('kld_mean')} AS kld, ${printed('kld_mean', 'error')} AS kld_error,
  ${printed('top_token_percent')} / 100 AS top_token_share, json_extract(log, '$.statistics') AS statistics
FROM imported_log;`

/**
 * The documented views (data/store.md). They use only functions that the stock `sqlite3` program has. A metric that is added
 * or renamed changes them: that takes a migration, which creates them anew.
 */
export const views = ['v_request', 'v_trial', 'v_cell', 'v_event', 'v_published', 'v_claim', 'v_imported']
  .map((name) => `DROP VIEW IF EXISTS ${name};`)
  .concat(request, trial, cell, event, published, claim, imported)
  .join('\n')
