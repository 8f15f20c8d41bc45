import type { Metric } from '../domain/metric.ts'
import type { ArmDifference, Estimate } from '../domain/verdict.ts'
import { errorShares, followsLength, lengthChange } from './answers.ts'
import type { Blocks } from './block-values.ts'
import type { CellTrials } from './cell-trials.ts'
import { leastBlocks } from './decide.ts'
import type { Sureness } from './estimate.ts'

/** Two cells that are compared, and by what. */
export type Contest = {
  base: CellTrials
  against: CellTrials
  /** Arms on other devices have blocks of their own. */
  shared: boolean
  metric: Metric
  margin: number
  floor?: number
  declared: boolean
  /** In what the arms differ beyond their treatment. */
  differences: readonly ArmDifference[]
  sure: Sureness
}

/** What every comparison says of itself. */
export const headOf = ({ base, against, metric, margin, floor, declared }: Contest) => ({
  metric,
  base: base.cellId,
  against: against.cellId,
  declared,
  margin,
  ...(floor !== undefined && { floor }),
})

export const heldTo = ({ margin, floor }: Pick<Contest, 'margin' | 'floor'>) => ({
  margin,
  ...(floor !== undefined && { floor }),
})

/** What a verdict follows from, but for what was lost and what is estimated. */
export function caseOf(contest: Contest, { losses, waiting }: Pick<Blocks, 'losses' | 'waiting'>) {
  const { base, against, metric, differences } = contest
  const errors = errorShares(base, against, metric)
  const lengths = followsLength(metric) ? lengthChange(base, against) : undefined
  return {
    apart: false,
    differences,
    blocks: base.blocks.length,
    losses,
    waiting,
    leastBlocks,
    ...(errors !== undefined && { errors }),
    ...(lengths !== undefined && { lengths }),
    ...heldTo(contest),
  }
}

/** Which side of no change an estimate lies on. */
export const directionOf = ({ scale, change }: Pick<Estimate, 'scale' | 'change'>): number =>
  Math.sign(scale === 'ratio' ? Math.log(change) : change)
