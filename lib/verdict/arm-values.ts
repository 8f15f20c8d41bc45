import type { ComparedTrial } from '../domain/compared.ts'
import type { Metric } from '../domain/metric.ts'
import type { BlockLoss } from '../domain/verdict.ts'
import { mean } from '../stats/mean.ts'
import { placesOf } from './block-values.ts'
import type { CellTrials } from './cell-trials.ts'
import { scaleOfMetric } from './change-scale.ts'
import { usableFor } from './usable.ts'

/** Arms that could not share a block: each has its own values, on the line of the metric's scale. */
export type ApartValues = {
  base: readonly number[]
  against: readonly number[]
  losses: readonly BlockLoss[]
  /** Blocks in which an arm has not been measured yet. */
  waiting: number
}

/** The values of two arms, block by block, that have nothing to do with each other: over the prompts that all of their trials finished. */
export function apartValues(base: CellTrials, against: CellTrials, metric: Metric): ApartValues {
  const [a, b] = [ofArm(base, 'base', metric), ofArm(against, 'against', metric)]
  const scale = scaleOfMetric(metric)
  const all = [...a.trials, ...b.trials]
    .map(({ trial }) => placesOf(trial, metric, scale))
    .filter(({ size }) => size > 0)
  const common = new Set([...(all[0]?.keys() ?? [])].filter((prompt) => all.every((places) => places.has(prompt))))
  const valuesOf = ({ trials }: OfArm) =>
    trials.flatMap(({ trial }) => {
      const places = [...placesOf(trial, metric, scale)].filter(([prompt]) => common.has(prompt))
      return places.length === 0 ? [] : [mean(places.map(([, place]) => place))]
    })
  const without = (arm: OfArm, name: BlockLoss['arm']): BlockLoss[] =>
    arm.trials
      .filter(({ trial }) => placesOf(trial, metric, scale).size === 0)
      .map(({ block }) => ({ block, arm: name, why: { status: 'missing' } }))
  return {
    base: valuesOf(a),
    against: valuesOf(b),
    losses: [...a.losses, ...without(a, 'base'), ...b.losses, ...without(b, 'against')],
    waiting: new Set([...a.waiting, ...b.waiting]).size,
  }
}

type OfArm = { trials: { block: number; trial: ComparedTrial }[]; losses: BlockLoss[]; waiting: number[] }

function ofArm({ blocks }: CellTrials, arm: BlockLoss['arm'], metric: Metric): OfArm {
  const found: OfArm = { trials: [], losses: [], waiting: [] }
  for (const [block, one] of blocks.entries()) {
    const usable = usableFor(one, metric)
    if (usable.status === 'usable') found.trials.push({ block, trial: usable.trial })
    else if (usable.status === 'waiting') found.waiting.push(block)
    else found.losses.push({ block, arm, why: usable.why })
  }
  return found
}
