import type { BackendConfig } from './backend-config.ts'
import type { Cell, CellConfig } from './cell.ts'
import { factsOf, isQuality, type Metric, metrics } from './metric.ts'
import { tellsLikeliest } from './protocol-limits.ts'
import type { Scale } from './verdict.ts'

/** What a metric is about: a decision weighs speed and quality, and the others stand beside them. */
export type Aspect = 'speed' | 'quality' | 'memory' | 'cost' | 'other'

/** A metric that can be 0 has no ratio: two values of it are compared by their difference, in its unit. */
export const scaleOf = (metric: Metric): Scale => (metrics[metric].mean === 'geometric' ? 'ratio' : 'difference')

/** By its unit, and where that says nothing by its name. */
export function aspectOf(metric: Metric): Aspect {
  const { unit } = factsOf(metric)
  if (isQuality(metric)) return 'quality'
  if (ofClient.includes(metric)) return 'other'
  if (unit === 'bytes') return 'memory'
  if (/USD|^J|^W$/.test(unit)) return 'cost'
  return /^(ms|tokens\/s|requests\/s)$/.test(unit) || metric === 'goodput_share' ? 'speed' : 'other'
}

/** How the client itself did. */
const ofClient: readonly Metric[] = ['send_lag_ms', 'pool_wait_ms', 'loop_delay_ms', 'events_per_read', 'client_cores']

/** Whether a metric is a part of a whole, from 0 to 1: its differences are percentage points. */
export const isShare = (metric: Metric): boolean => metric === 'error_rate' || metric.endsWith('_share')

/**
 * The margin of a metric for which none is declared: 5 % for the time to the first token, 1 % for quality, else 2 %; of shares and
 * of qualities that are differences 0.01. `undefined` where a difference has a unit of its own, of which nobody can say what is little.
 */
export function usualMargin(metric: Metric): number | undefined {
  if (scaleOf(metric) === 'difference') return isQuality(metric) || isShare(metric) ? 0.01 : undefined
  if (isQuality(metric)) return 0.01
  return /^(server_)?ttfo?t_/.test(metric) ? 0.05 : 0.02
}

type Asked = Pick<CellConfig, 'workload' | 'load' | 'backend'>

/** What is compared of a cell where its file names no metrics: of speed the most telling first. */
export function usualMetrics({ workload, load, backend }: Asked): Metric[] {
  if (workload.kind === 'prefill-decode') return ['tg_tps', 'pp_tps']
  if (workload.kind === 'perplexity')
    return workload.base === undefined ? ['perplexity'] : ['perplexity', divergenceOf(backend)]
  if (load.kind !== 'closed') return ['decode_tps', 'ttft_scheduled_ms']
  return [load.clients > 1 ? 'output_tps' : 'decode_tps', 'ttft_ms']
}

const ofLlamaBench: readonly Metric[] = ['pp_tps', 'tg_tps']
/** Whatever is asked, and of whatever a launch loads. */
const ofLaunches: readonly Metric[] = ['load_ms', 'effective_bpw', 'cpu_cores', 'gpu_utilization']

/** Whether a cell can have a value of a metric, by what it asks: what is counted as a declared comparison rests on it. */
export function appliesTo(metric: Metric, { workload, backend }: Pick<Asked, 'workload' | 'backend'>): boolean {
  if (ofLlamaBench.includes(metric)) return workload.kind === 'prefill-decode'
  if (isQuality(metric)) return canSay(metric, workload, backend)
  if (aspectOf(metric) === 'memory' || ofLaunches.includes(metric)) return true
  return workload.kind === 'completion' || workload.kind === 'chat'
}

/** Whether a cell scores a text. That is deterministic: a second evaluation says whether it is, and a third says no more. */
export const isScoring = ({ config: { workload } }: Pick<Cell, 'config'>): boolean => workload.kind === 'perplexity'

/**
 * Whether a metric is compared over a cell of a plan. What every launch has, such as memory, is that of the work that a model is there
 * for: a cell that scores a text has a say in it only where nothing else is asked in its stratum.
 */
export function isComparedOver(metric: Metric, cell: Cell, cells: readonly Cell[]): boolean {
  if (!appliesTo(metric, cell.config)) return false
  if (isQuality(metric) || !isScoring(cell)) return true
  return cells.every((other) => other.stratum !== cell.stratum || isScoring(other))
}

/** A quality metric that is no mean over chunks or prompts, such as a percentile, has nothing that says how sure it is. */
export const hasInterval = (metric: Metric): boolean => !isQuality(metric) || factsOf(metric).samples !== undefined

/** What to declare in place of a metric that has no interval: of the same tokens the mean. */
export const insteadOf = (metric: Metric): Metric => (metric === 'p_change_rms' ? 'top_token_share' : 'kld')

/** KL divergence, or a bound of it where an engine tells its likeliest tokens only. */
const divergenceOf = ({ kind }: BackendConfig): Metric => (tellsLikeliest(kind) ? 'kld_at_least' : 'kld')
const ofAllTokens: readonly Metric[] = ['kld', 'kld_median', 'kld_p99', 'kld_max']
const ofLikeliest: readonly Metric[] = ['kld_at_least']

function canSay(metric: Metric, workload: CellConfig['workload'], backend: BackendConfig): boolean {
  if (metric === 'check_share')
    return 'prompts' in workload && workload.prompts.some(({ expected }) => expected !== undefined)
  if (workload.kind !== 'perplexity') return false
  if (metric === 'perplexity') return true
  if (workload.base === undefined) return false
  const told = divergenceOf(backend) === 'kld' ? ofAllTokens : ofLikeliest
  return told.includes(metric) || ![...ofAllTokens, ...ofLikeliest].includes(metric)
}
