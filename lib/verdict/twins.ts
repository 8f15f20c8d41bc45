import { attachedUrl } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import type { Compared } from '../domain/compared.ts'
import type { ArmComparison, MetricComparison } from '../domain/verdict.ts'
import { simultaneousLevels } from '../stats/simultaneous.ts'
import { armDifferences } from './arm-differences.ts'
import { type CellTrials, trialFinder } from './cell-trials.ts'
import { compareMetric } from './compare-metric.ts'
import type { Contest } from './contest.ts'
import { jointVerdict } from './joint.ts'
import { floorOf } from './own-floors.ts'
import { seedFrom } from './seed-from.ts'
import { type Asked, metricsFor, type WantedMetric } from './wanted.ts'

/**
 * A/A: each arm that ran twice in its blocks against itself, by the metrics of its plan. Each stands for itself, at 95 %: it says what
 * this target cannot tell apart.
 */
export function compareTwins(compared: Compared, asked: Asked): ArmComparison[] {
  const { plan } = compared
  const find = trialFinder(compared)
  const withTwin = plan.cells.flatMap((cell) => {
    const twin = find(cell.id, 'twin')
    return twin.blocks.every(({ status }) => status === 'missing') ? [] : [{ cell, twin }]
  })
  const arms = Map.groupBy(withTwin, ({ cell }) => JSON.stringify([cell.arm, cell.stratum]))
  return [...arms.values()].map((of) => {
    const cells = of.map(({ cell, twin }) => ({
      base: cell.id,
      against: cell.id,
      metrics: metricsFor(plan, asked, cell).map((wanted) =>
        compareTwin({ cell, twin, own: find(cell.id) }, wanted, compared),
      ),
    }))
    const { arm, stratum, config } = (of[0] as (typeof of)[number]).cell
    const side = { arm, stratum }
    const onServers = attachedUrl(config.backend) !== undefined
    return {
      base: side,
      against: side,
      declared: plan.compare !== undefined,
      onServers,
      cells,
      joint: jointVerdict(cells),
    }
  })
}

type Twin = { cell: Cell; own: CellTrials; twin: CellTrials }

/** Blocks that no twin was planned for have no part in it. */
function compareTwin(
  { cell, own, twin }: Twin,
  { metric, margin, declared }: WantedMetric,
  compared: Compared,
): MetricComparison {
  const isPlanned = (block: number) => twin.blocks[block]?.status !== 'missing'
  const only = ({ cellId, blocks }: CellTrials): CellTrials => ({
    cellId,
    blocks: blocks.filter((_, block) => isPlanned(block)),
  })
  const contest: Contest = {
    base: only(own),
    against: only(twin),
    shared: true,
    metric,
    margin,
    declared,
    differences: armDifferences(compared, { base: cell, against: cell, trials: { base: own, against: twin } }),
    sure: { levels: simultaneousLevels(1), seed: seedFrom(compared.plan.seed, `twin ${cell.id} ${metric}`) },
  }
  const found = compareMetric(contest)
  if (found.verdict.row !== 'unresolved' || found.estimate === undefined) return found
  // What it shows is the floor itself.
  return compareMetric({ ...contest, floor: floorOf(found.estimate) })
}
