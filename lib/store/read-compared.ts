import type { Compared, ComparedTrial, PromptMeans } from '../domain/compared.ts'
import { factsOf, type Metric, metrics } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { present } from './columns.ts'
import { readLaunches } from './launches.ts'
import { readManifests, readSessions } from './read-plan-data.ts'
import { readPlan } from './read-plan.ts'
import { readQualitySamples } from './read-quality-samples.ts'
import { readTrials } from './read-trials.ts'
import type { Store } from './store.ts'

/** What verdicts on a plan rest on. Of requests only means per prompt are read, one trial at a time, however many there are. */
export function readCompared(store: Store, planId: string): Compared {
  return store.read(() => ({
    plan: readPlan(store, planId),
    sessions: readSessions(store, planId),
    launches: readLaunches(store, planId),
    trials: readTrials(store, planId)
      .filter(({ unused }) => unused === undefined)
      .map((trial) => comparedTrial(store, trial)),
    manifests: readManifests(store, planId),
  }))
}

function comparedTrial(store: Store, row: TrialRow): ComparedTrial {
  const { unused: _, client: __, ...trial } = row
  const samples = readQualitySamples(store, trial.id)
  return {
    ...trial,
    requests: outcomesOf(store, trial.id),
    prompts: promptsOf(store, trial.id),
    ...(samples && { samples }),
  }
}

function outcomesOf(store: Store, trialId: number): ComparedTrial['requests'] {
  const row = store
    .sql<ComparedTrial['requests']>(
      `SELECT count(*) FILTER (WHERE status = 'ok') AS ok,
         count(*) FILTER (WHERE status = 'failed' AND reason IS NOT 'cut-off') AS failed
       FROM request WHERE trial = ? AND phase = 'measured'`,
    )
    .get(trialId)
  return row ?? { ok: 0, failed: 0 }
}

const ofRequests = (Object.keys(metrics) as Metric[]).filter((metric) => metrics[metric].level === 'request')

// A metric that is averaged geometrically is derived only where it is above 0, so that its ln() exists.
const meanPerPrompt = ofRequests
  .map((metric) => {
    const value = `json_extract(m.metrics, '$.${metric}')`
    return `${factsOf(metric).mean === 'geometric' ? `exp(avg(ln(${value})))` : `avg(${value})`} AS ${metric}`
  })
  .join(',\n  ')

/** As `measure/aggregate-requests.ts` has them, before their mean over prompts. */
const byPrompt = `SELECT r.prompt_id AS promptId, count(*) AS n,
  CASE WHEN count(r.output_tokens) = count(*) THEN avg(r.output_tokens) END AS outputTokens,
  CASE WHEN count(r.prompt_tokens) = count(*) THEN avg(r.prompt_tokens) END AS promptTokens,
  ${meanPerPrompt}
FROM request r LEFT JOIN measurement m ON m.request = r.id
WHERE r.trial = ? AND r.phase = 'measured' AND r.status = 'ok' AND r.part <> 'window'
GROUP BY r.prompt_id ORDER BY r.prompt_id`

type PromptColumns = {
  promptId: string
  n: number
  outputTokens: number | null
  promptTokens: number | null
} & Partial<Record<Metric, number | null>>

function promptsOf(store: Store, trialId: number): PromptMeans[] {
  return store
    .sql<PromptColumns>(byPrompt)
    .all(trialId)
    .map(({ promptId, n, outputTokens, promptTokens, ...means }) => ({
      promptId,
      n,
      ...(outputTokens !== null && { outputTokens }),
      ...(promptTokens !== null && { promptTokens }),
      metrics: present(means) as PromptMeans['metrics'],
    }))
}
