import type { ArtifactDescription, LoadConfig } from '../domain/cell.ts'
import type { EngineMemory } from '../domain/manifest.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'
import type { Price } from '../domain/price.ts'
import type { ClientHealth, MemorySample, ServerCounters } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { aggregateRequests } from './aggregate-requests.ts'
import type { ExpectedAnswers } from './check-answer.ts'
import { clientMetrics } from './client-metrics.ts'
import { perUsd, usdPerMtok } from './cost.ts'
import { isCutOff } from './cut-off.ts'
import { goodput } from './goodput.ts'
import { isMeasurable } from './measurable.ts'
import { memory } from './memory.ts'
import { resources } from './resources.ts'
import { serverMetrics } from './server-metrics.ts'
import { throughput } from './throughput.ts'
import { windowQuality } from './window-quality.ts'

export type TrialMetrics = Partial<Record<Metric, MetricValue>>

/** What a trial's metrics are derived from. */
export type TrialObservations = {
  /** All of the trial's requests; warm-up never counts. */
  requests: readonly RequestTimeline[]
  memory: readonly MemorySample[]
  /** Of the cell; without it a window is that of a closed load by requests. */
  load?: LoadConfig
  /** What a good request has to meet; without them there is no goodput. */
  objectives?: Objectives
  /** Where a server was asked. */
  client?: ClientHealth
  /** A server's own, by how much they grew. */
  counters?: ServerCounters
  /** Of the launch that hosted the trial. */
  loadMs?: number
  /** GPU memory by the engine's own account. */
  engineMemory?: EngineMemory
  artifact?: { bytes: number; description: ArtifactDescription }
  /** Of the hardware of the trial's cell. */
  price?: Price
  /** What answers are checked for; absent where no prompt says. */
  expected?: ExpectedAnswers
}

/** The metrics of one trial, as `lib/domain/metric.ts` defines them; one that is not defined here is left out. */
export function deriveTrial(trial: TrialObservations): TrialMetrics {
  const measured = trial.requests.filter((request) => request.phase === 'measured')
  const awaited = measured.filter((request) => !isCutOff(request))
  const failed = awaited.filter((request) => request.outcome.status === 'failed').length
  const rates = throughput(measured, trial.load)
  const candidates: { [M in Metric]?: MetricValue | undefined } = {
    ...aggregateRequests(measured, trial.expected),
    ...rates,
    ...costs(trial.price, rates.output_tps),
    ...clientMetrics(measured, trial.client, trial.load),
    ...serverMetrics(trial.counters),
    ...goodput(measured, trial.objectives, trial.load),
    error_rate: { value: failed / awaited.length, n: awaited.length },
    load_ms: trial.loadMs === undefined ? undefined : { value: trial.loadMs },
    ...size(trial.artifact),
    ...memory(trial.memory, trial.engineMemory),
    ...resources(measured, trial.memory),
    ...windowQuality(measured),
  }
  const entries = Object.entries(candidates) as [Metric, MetricValue | undefined][]
  return Object.fromEntries(entries.filter(([metric, value]) => isMeasurable(metric, value?.value)))
}

function costs(price: Price | undefined, output: MetricValue | undefined): { [M in Metric]?: MetricValue | undefined } {
  if (price === undefined || output === undefined || output.value === 0) return {}
  const [perMtok, each] = [usdPerMtok(price, output.value), perUsd(price, output.value)]
  return {
    usd_per_mtok: perMtok === undefined ? undefined : { value: perMtok },
    per_usd: each === undefined ? undefined : { value: each },
  }
}

function size(artifact: TrialObservations['artifact']): { [M in Metric]?: MetricValue } {
  if (artifact === undefined) return {}
  const { tensorBytes, parameters } = artifact.description
  return { model_bytes: { value: artifact.bytes }, effective_bpw: { value: (8 * tensorBytes) / parameters } }
}
