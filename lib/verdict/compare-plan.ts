import { attachedUrl } from '../domain/backend-config.ts'
import type { Compared } from '../domain/compared.ts'
import type { Plan } from '../domain/plan.ts'
import type { ArmComparison, MetricComparison, PlanVerdicts } from '../domain/verdict.ts'
import { simultaneousLevels } from '../stats/simultaneous.ts'
import { lengthChange } from './answers.ts'
import { armDifferences } from './arm-differences.ts'
import { type CellTrials, trialFinder } from './cell-trials.ts'
import { compareMetric } from './compare-metric.ts'
import { knownFloor } from './floor-places.ts'
import { type JointCell, jointVerdict } from './joint.ts'
import { ownFloor, tellingTwins } from './own-floors.ts'
import { seedFrom } from './seed-from.ts'
import { sentinelDrifts } from './sentinel-drift.ts'
import { standingOf } from './standing.ts'
import { compareTwins } from './twins.ts'
import { type Asked, declaredNumber, numberOf, type WantedArms, type WantedCells, wantedOf } from './wanted.ts'

/**
 * Everything that is said of a plan's comparisons: of each pair of arms, in each stratum, each metric's verdict, and one that they make
 * together. `asked` names other arms, metrics or margins than the plan declares; what is not declared is exploratory. The same
 * input gives the same verdicts: what is random is drawn from the plan's seed.
 */
export function comparePlan(compared: Compared, asked: Asked = {}): PlanVerdicts {
  const { plan } = compared
  const twins = compareTwins(compared, asked)
  const wanted = wantedOf(plan, asked)
  const declared = declaredNumber(plan)
  const exploratory = numberOf(wanted.filter((arms) => !isAllDeclared(arms)))
  const around: Around = { compared, asked, twins, find: trialFinder(compared), declared, exploratory }
  const comparisons = wanted.map((arms) => compareArms(arms, around))
  const drifts = sentinelDrifts(compared)
  return { planId: plan.id, comparisons, twins, ...(drifts.length > 0 && { drifts }) }
}

type Around = {
  compared: Compared
  asked: Asked
  twins: readonly ArmComparison[]
  find: ReturnType<typeof trialFinder>
  /** Comparisons of the plan, and of what is asked for beyond it: how sure each has to be. */
  declared: number
  exploratory: number
}

const isAllDeclared = ({ cells }: WantedArms) => cells.every(({ metrics }) => metrics.every((each) => each.declared))

function compareArms({ base, against, declared, cells }: WantedArms, around: Around): ArmComparison {
  const onServers = cells.every(({ base: a, against: b }) => isAttached(a) && isAttached(b))
  const held = cells.some(({ base: a, against: b }) => isHeldBack(around, a.id) || isHeldBack(around, b.id))
  const kind = { onServers, ...(held && { heldBack: true as const }) }
  const compared = cells.map((each) => compareCells(each, { ...around, twins: tellingTwins(around.twins, each), kind }))
  return {
    base,
    against,
    declared,
    ...kind,
    cells: compared.map(({ base: a, against: b, metrics }) => ({ base: a, against: b, metrics })),
    joint: jointVerdict(compared),
  }
}

const isAttached = ({ config }: Plan['cells'][number]) => attachedUrl(config.backend) !== undefined

/** Whether a launch that measured a cell was slowed down on purpose, as its manifest says. */
const isHeldBack = ({ compared, find }: Around, cellId: string): boolean =>
  find(cellId).blocks.some(
    (block) =>
      block.status === 'measured' &&
      compared.manifests[block.launch.manifestDigest ?? '']?.manifest.conditions.handicap !== undefined,
  )

type Kind = Pick<ArmComparison, 'onServers' | 'heldBack'>

function compareCells({ base, against, metrics }: WantedCells, around: Around & { kind: Kind }): JointCell {
  const { compared, asked, find, kind } = around
  const { plan } = compared
  const [a, b] = [find(base.id), find(against.id)]
  const differences = armDifferences(compared, { base, against, trials: { base: a, against: b } })
  const lengths = lengthChange(a, b)
  const sides = [
    { cell: base, trials: a },
    { cell: against, trials: b },
  ]
  const common = { base: a, against: b, shared: sharesBlocks(a, b), differences }
  return {
    base: base.id,
    against: against.id,
    metrics: metrics.map(({ metric, margin, declared }): MetricComparison => {
      const k = declared ? around.declared : Math.max(around.declared, around.exploratory)
      const seed = seedFrom(plan.seed, `${base.id} ${against.id} ${metric}`)
      const sure = { levels: simultaneousLevels(Math.max(1, k)), seed }
      const floor =
        ownFloor(around.twins, { base: base.id, against: against.id }, metric) ??
        knownFloor(asked.floors ?? [], { sides, metric }, compared)
      const held = { metric, margin, declared, ...(floor !== undefined && { floor }) }
      const comparison = compareMetric({ ...common, ...held, sure })
      const standing = standingOf(comparison, { others: asked.others ?? [], planId: plan.id, ...kind })
      return { ...comparison, ...(standing && { standing }) }
    }),
    ...(lengths !== undefined && { lengths }),
  }
}

/** Arms that compute on one device share its blocks; where nothing has been measured yet it does not matter. */
function sharesBlocks(a: CellTrials, b: CellTrials): boolean {
  const [one, other] = [a, b].map(({ blocks }) => blocks.find((block) => block.status === 'measured')?.launch.device)
  return one === undefined || other === undefined || one === other
}
