import type { ComparedTrial } from '../domain/compared.ts'
import { factsOf, type Metric } from '../domain/metric.ts'
import type { BlockLoss, BlockValue } from '../domain/verdict.ts'
import { mean } from '../stats/mean.ts'
import { outliers } from '../stats/outliers.ts'
import type { CellTrials } from './cell-trials.ts'
import { type ChangeScale, scaleOfMetric } from './change-scale.ts'
import { usableFor } from './usable.ts'

/** The blocks of a comparison: what counts, what was lost and why, and how many have not been measured yet. */
export type Blocks = { values: readonly BlockValue[]; losses: readonly BlockLoss[]; waiting: number }

/**
 * B against A in each block that has both. Metrics of requests: per prompt the change of the per-prompt means, then the mean over
 * the prompts that both arms finished; metrics of trials: the change of the two values. Outliers are flagged, and stay.
 */
export function blockValues(base: CellTrials, against: CellTrials, metric: Metric): Blocks {
  const scale = scaleOfMetric(metric)
  const [values, losses]: [BlockValue[], BlockLoss[]] = [[], []]
  let waiting = 0
  for (const [block, one] of base.blocks.entries()) {
    const other = against.blocks[block] ?? { status: 'missing' }
    const [a, b] = [usableFor(one, metric), usableFor(other, metric)]
    if (a.status === 'waiting' || b.status === 'waiting') {
      waiting += 1
      continue
    }
    if (a.status === 'lost') losses.push({ block, arm: 'base', why: a.why })
    if (b.status === 'lost') losses.push({ block, arm: 'against', why: b.why })
    if (a.status === 'lost' || b.status === 'lost') continue
    const pair = pairOf(a.trial, b.trial, metric, scale)
    if (typeof pair === 'string') losses.push({ block, arm: pair, why: { status: 'missing' } })
    else values.push({ block, ...pair, first: firstOf(one, other) })
  }
  return { values: flagged(values, scale), losses, waiting }
}

const firstOf = (one: CellTrials['blocks'][number], other: CellTrials['blocks'][number]): BlockValue['first'] =>
  one.status === 'measured' && other.status === 'measured' && other.launch.ordinal < one.launch.ordinal
    ? 'against'
    : 'base'

type Pair = Pick<BlockValue, 'change' | 'base' | 'against' | 'prompts'>

/** The change from one trial to another, or the arm that has no value. */
function pairOf(a: ComparedTrial, b: ComparedTrial, metric: Metric, scale: ChangeScale): Pair | BlockLoss['arm'] {
  const [placesA, placesB] = [placesOf(a, metric, scale), placesOf(b, metric, scale)]
  if (placesA.size === 0) return 'base'
  const common = [...placesA.keys()].filter((prompt) => placesB.has(prompt))
  if (common.length === 0) return 'against'
  const [base, against] = [placesA, placesB].map((places) =>
    mean(common.map((each) => places.get(each) as number)),
  ) as [number, number]
  const values = { change: scale.value(against - base), base: scale.value(base), against: scale.value(against) }
  return factsOf(metric).level === 'request' ? { ...values, prompts: common.length } : values
}

/** Where a trial's values lie: of metrics of requests by prompt, else one for the whole. */
export function placesOf(trial: ComparedTrial, metric: Metric, scale: ChangeScale): Map<string, number> {
  const places = new Map<string, number>()
  const add = (key: string, value: number | undefined) => {
    const place = value === undefined ? undefined : scale.place(value)
    if (place !== undefined) places.set(key, place)
  }
  if (factsOf(metric).level === 'trial') add('', trial.metrics[metric]?.value)
  else for (const { promptId, metrics } of trial.prompts) add(promptId, metrics[metric])
  return places
}

function flagged(values: readonly BlockValue[], scale: ChangeScale): BlockValue[] {
  const far = outliers(values.map(({ change }) => scale.place(change) as number))
  return values.map((value, i) => (far[i] ? { ...value, outlier: true } : value))
}
