import type { ComparedTrial } from '../domain/compared.ts'
import type { Metric } from '../domain/metric.ts'
import { spoils } from '../domain/spoils.ts'
import type { BlockLoss } from '../domain/verdict.ts'
import type { BlockTrial } from './cell-trials.ts'

/** A trial that a metric may be read from, or why there is none. */
export type Usable =
  | { status: 'usable'; trial: ComparedTrial }
  | { status: 'waiting' }
  | { status: 'lost'; why: BlockLoss['why'] }

/** Whether a block's trial may be used for a metric; a trial without a value of it is as none. */
export function usableFor(block: BlockTrial, metric: Metric): Usable {
  if (block.status === 'waiting') return block
  if (block.status === 'missing') return { status: 'lost', why: { status: 'missing' } }
  const { trial } = block
  if (trial.status === 'failed')
    return { status: 'lost', why: { status: 'failed', reason: trial.reason ?? 'engine-error' } }
  const [invalid] = trial.invalid.filter(({ reason }) => spoils(reason, metric))
  return invalid === undefined
    ? { status: 'usable', trial }
    : { status: 'lost', why: { status: 'invalid', reason: invalid.reason } }
}
