import type { Metric } from '../../lib/domain/metric.ts'
import type { ArmComparison, Estimate, JointVerdict, MetricComparison } from '../../lib/domain/verdict.ts'

/** A ratio with its 95 % interval; that of equivalence is three quarters as wide. */
export function ratioOf(change: number, low: number, high: number, more: Partial<Estimate> = {}): Estimate {
  return {
    scale: 'ratio',
    change,
    interval: { low, high, confidence: 0.95 },
    equivalence: { low: change - 0.75 * (change - low), high: change + 0.75 * (high - change), confidence: 0.9 },
    of: 'blocks',
    n: 10,
    pairing: 'paired',
    ...more,
  }
}

/** The same of a metric that can be 0. */
export const differenceOf = (change: number, low: number, high: number): Estimate =>
  ratioOf(change, low, high, { scale: 'difference' })

/** One metric of `base` and `against`, with a verdict. */
export function metricOf(metric: Metric, change: Partial<MetricComparison>): MetricComparison {
  return {
    metric,
    base: 'base-cell',
    against: 'against-cell',
    declared: true,
    margin: 0.02,
    verdict: { row: 'beyond-margin' },
    blocks: [],
    losses: [],
    waiting: 0,
    ...change,
  }
}

/** Two arms with a cell each. */
export function armsOf(
  metrics: readonly MetricComparison[],
  joint: JointVerdict,
  change: Partial<ArmComparison> = {},
): ArmComparison {
  return {
    base: { arm: '{"quantization":"fp16"}', stratum: '{}' },
    against: { arm: '{"quantization":"awq"}', stratum: '{}' },
    declared: true,
    onServers: false,
    cells: [{ base: 'base-cell', against: 'against-cell', metrics }],
    joint,
    ...change,
  }
}
