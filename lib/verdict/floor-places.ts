import type { Cell } from '../domain/cell.ts'
import type { Compared } from '../domain/compared.ts'
import { engineClass, type FloorPlace, floorFor, hostClass, type NoiseFloor } from '../domain/noise-floor.ts'
import { isQuality, type Metric } from '../domain/metric.ts'
import type { ArmComparison } from '../domain/verdict.ts'
import type { CellTrials } from './cell-trials.ts'
import { trialFinder } from './cell-trials.ts'
import { floorOf } from './own-floors.ts'

/** Where a cell was measured; `undefined` where that is not known, or where its launches were in several places. */
function placeOf(cell: Cell, { blocks }: CellTrials, manifests: Compared['manifests']): FloorPlace | undefined {
  const places = blocks.flatMap((block) => {
    if (block.status !== 'measured') return []
    const { device, manifestDigest } = block.launch
    const found = manifestDigest === undefined ? undefined : manifests[manifestDigest]
    return found === undefined ? [] : [{ host: hostClass(found.manifest.host), device }]
  })
  const [first] = places
  const isOne = places.every(({ host, device }) => host === first?.host && device === first.device)
  return first === undefined || !isOne ? undefined : { ...first, engine: engineClass(cell.config.backend) }
}

/**
 * What the A/A comparisons of a plan say of its target, place by place: of several cells the highest floor. Quality does not vary from
 * launch to launch, and has none.
 */
export function measuredFloors(compared: Compared, twins: readonly ArmComparison[]): NoiseFloor[] {
  const { plan, sessions, manifests } = compared
  const find = trialFinder(compared)
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]))
  const highest = new Map<string, NoiseFloor>()
  for (const { base, metrics } of twins.flatMap((each) => each.cells)) {
    const cell = cells.get(base)
    const place = cell && placeOf(cell, find(base, 'twin'), manifests)
    if (place === undefined) continue
    for (const { metric, estimate } of metrics) {
      if (estimate === undefined || isQuality(metric)) continue
      const floor = floorOf(estimate)
      const key = JSON.stringify([place, metric])
      const known = highest.get(key)
      if (!Number.isFinite(floor) || (known !== undefined && known.floor >= floor)) continue
      const measuredAtMs = sessions[0]?.startedAtMs ?? plan.createdAtMs
      highest.set(key, { ...place, metric, blocks: plan.blocks, floor, planId: plan.id, measuredAtMs })
    }
  }
  return [...highest.values()]
}

type Side = { cell: Cell; trials: CellTrials }

/** What earlier A/A runs say of two cells: of both arms' floors the larger, where both are known. */
export function knownFloor(
  floors: readonly NoiseFloor[],
  { sides, metric }: { sides: readonly Side[]; metric: Metric },
  { plan: { blocks }, manifests }: Pick<Compared, 'plan' | 'manifests'>,
): number | undefined {
  const found = sides.map(({ cell, trials }) => {
    const place = placeOf(cell, trials, manifests)
    return place && floorFor(floors, { ...place, metric, blocks })
  })
  const known = found.flatMap((each) => each?.floor ?? [])
  return known.length === sides.length && known.length > 0 ? Math.max(...known) : undefined
}
