import { metrics, type Metric } from '../domain/metric.ts'
import type { RequestRow, TrialRow } from '../domain/plan-data.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { otherCountsOf, type OtherCount } from './other-counts.ts'
import { inShownUnit, missing, shownUnit, shownValue, significant } from './numbers.ts'
import { labelOf } from './metric-words.ts'

export type SampleMetric = {
  metric: string
  label: string
  unit: string
  raw: string
  text: string
  interval: string
  launches: number
  /** Median and percentiles over the requests of the only launch, or an error that the definition carries. */
  spread: string
}
export type SampleRequest = {
  index: number
  prompt: string
  phase: string
  status: string
  tokens: string
  values: readonly string[]
}
export type SampleTrial = {
  id: number
  text: string
  invalid: readonly string[]
  query: string
  heads: readonly { name: string; unit: string }[]
  requests: readonly SampleRequest[]
  /** How many more there are than are listed. */
  more: string
}
/** What is behind a cell: every metric of it, its trials, their requests. */
export type CellSamples = {
  anchor: string
  name: string
  summary: string
  id: string
  metrics: readonly SampleMetric[]
  gap: string
  trials: readonly SampleTrial[]
  /** The same recording by the definitions of other tools. */
  others: readonly OtherCount[]
  /** Why they are not there, where a server was asked. */
  othersLeftOut: string
}

// The page stays small; the store has them all, and the query beside says how to get them.
const listedRequests = { perTrial: 40, inAll: 8000 }

/** What is behind every cell, in the order of the plan. */
export function samplesOf(evidence: Evidence): CellSamples[] {
  const { words } = evidence
  const share = Math.ceil(listedRequests.inAll / Math.max(1, evidence.data.trials.length))
  const limit = Math.min(listedRequests.perTrial, share)
  return evidence.comparison.cells.map((cell) => {
    const trials = evidence.trialsOf(cell.cell.id)
    const found = (Object.keys(metrics) as Metric[]).flatMap((metric) => sampleMetric(evidence, cell, metric))
    return {
      anchor: `cell-${cell.index + 1}`,
      name: cell.name,
      summary: words('samples.trials', { n: trials.length }),
      id: cell.cell.id,
      metrics: found,
      gap: found.length === 0 ? gapReason(evidence, cell) : '',
      trials: trials.map((trial) => sampleTrial(evidence, trial, limit)),
      others: otherCountsOf(evidence, cell),
      othersLeftOut:
        evidence.otherCounts?.status === 'too-many'
          ? words('tools-count.left-out', { plan: evidence.data.plan.id })
          : '',
    }
  })
}

function sampleMetric(evidence: Evidence, cell: ShownCell, metric: Metric): SampleMetric[] {
  const found = evidence.valueOf(cell, metric)
  if (found === undefined) return []
  const shown = (value: number) => shownValue(metric, value, found.interval).text
  return [
    {
      metric,
      label: labelOf(evidence, metric),
      unit: shownUnit(metric),
      raw: String(inShownUnit(metric, found.value)),
      text: shown(found.value),
      interval: found.interval
        ? evidence.words('range', { low: shown(found.interval.low), high: shown(found.interval.high) })
        : missing,
      launches: found.n,
      spread: found.points.length === 1 ? spreadOf(evidence, found.points[0]?.trial, metric) : '',
    },
  ]
}

function spreadOf({ words }: Evidence, trial: TrialRow | undefined, metric: Metric): string {
  const value = trial?.metrics[metric]
  if (value === undefined) return ''
  const shown = (number: number) => shownValue(metric, number).text
  const { n, median, p90, p95, p99, error, low, high } = value
  const quantiles = Object.entries({ [words('twin.median')]: median, p90, p95, p99 }).flatMap(([name, at]) =>
    at === undefined ? [] : [`${name} ${shown(at)}`],
  )
  return [
    ...(n === undefined ? [] : [metric === 'perplexity' ? words('samples.scored', { n }) : `n ${n}`]),
    ...quantiles,
    ...(error === undefined ? [] : [words('samples.error', { error: significant(error) })]),
    ...(low === undefined || high === undefined
      ? []
      : [words('samples.windows', { low: shown(low), high: shown(high) })]),
  ].join(', ')
}

function sampleTrial(evidence: Evidence, trial: TrialRow, limit: number): SampleTrial {
  const { words } = evidence
  const requests = evidence.requestsOf(trial.id)
  const listed = requests.slice(0, limit)
  const all = evidence.seenOf(trial.id).n
  const of = (Object.keys(metrics) as Metric[]).filter((metric) =>
    listed.some((request) => request.metrics[metric] !== undefined),
  )
  const launch = evidence.launchOf(trial)
  const status =
    trial.status === 'failed'
      ? words('gap.failed', { reason: words(`reason.${trial.reason ?? 'unknown'}`) })
      : words(`status.${trial.status}`)
  const continues = launch?.continues === undefined ? '' : words('samples.continues', { launch: launch.continues })
  return {
    id: trial.id,
    text:
      words('samples.trial', { trial: trial.id, launch: trial.launchId, block: trial.block + 1, status }) + continues,
    invalid: trial.invalid.map(({ reason, detail }) =>
      words('samples.invalid', { reason: words(`invalid.${reason}`), detail }),
    ),
    query: `benchbook query "SELECT * FROM v_request WHERE trial_id = ${trial.id}"`,
    heads: of.map((metric) => ({ name: labelOf(evidence, metric), unit: shownUnit(metric) })),
    requests: listed.map((request) => sampleRequest(evidence, request, of)),
    more: all > listed.length ? words('samples.more', { n: all - listed.length }) : '',
  }
}

function sampleRequest({ words }: Evidence, request: RequestRow, of: readonly Metric[]): SampleRequest {
  const value = (metric: Metric) => {
    const found = request.metrics[metric]
    return found === undefined ? missing : shownValue(metric, found).text
  }
  const reason = request.reason === undefined ? '' : `: ${words(`reason.${request.reason}`)}`
  return {
    index: request.index + 1,
    prompt: request.promptId,
    phase: words(`phase.${request.phase}`),
    status: words(`status.${request.status}`) + reason,
    tokens: `${request.promptTokens ?? missing} / ${request.outputTokens ?? missing}`,
    values: of.map(value),
  }
}
