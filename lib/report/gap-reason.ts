import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** By the engine's own counters, which say nothing of one client among several. */
const ofEngine: readonly Metric[] = ['prefill_tps', 'engine_decode_tps']
/** Of a price that is there, and is one of that kind. */
const ofPrices: readonly Metric[] = ['usd_per_mtok', 'per_usd']

/** Why a cell has no value (of `metric`), in a few words. */
export function gapReason(evidence: Evidence, cell: ShownCell, metric?: Metric): string {
  const { words } = evidence
  const trials = evidence.trialsOf(cell.cell.id)
  const failed = trials.find((trial) => trial.status === 'failed')
  if (failed !== undefined) return words('gap.failed', { reason: words(`reason.${failed.reason ?? 'unknown'}`) })
  const shared = metric !== undefined && ofEngine.includes(metric) && cell.cell.config.load.clients > 1
  if (trials.some((trial) => trial.status === 'ok')) {
    if (metric !== undefined && ofPrices.includes(metric)) return words('gap.no-price')
    return words(shared ? 'gap.shared-engine' : 'gap.underivable')
  }
  return trials.some((trial) => trial.status === 'interrupted') ? words('gap.interrupted') : words('gap.pending')
}
