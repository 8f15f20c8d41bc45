import type { LaunchRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import { continueLaunch, failures, type Leftover, leftovers, repeatLaunch } from '../store/continue-launch.ts'
import { readLaunches } from '../store/launches.ts'
import type { Store } from '../store/store.ts'
import { isOfBlock, launchesOfBlocksWith, launchesOfInterruptedBlocks } from './interrupted-blocks.ts'

/** What is planned once more: launches that go on for others, and the blocks (from 0) that run again whole. */
export type Again = { continued: number[]; blocks: number[] }

/**
 * Plans what the ended launches left over and what is to be retried, directly after them; of a comparison the blocks that were
 * interrupted, whole. `resumed`: the runner comes back.
 */
export function planLeftovers(store: Store, plan: Plan, when: 'running' | 'resumed'): Again {
  const blocks = plan.compare === undefined ? [] : interruptedBlocks(store, plan, when)
  const left = leftovers(store, plan.id)
  return { continued: left.map((leftover) => continueLaunch(store, leftover)), blocks }
}

function interruptedBlocks(store: Store, plan: Plan, when: 'running' | 'resumed'): number[] {
  const leftOver = new Set(leftovers(store, plan.id).map(({ launchId }) => launchId))
  const launches = readLaunches(store, plan.id)
  return repeat(store, launchesOfInterruptedBlocks(launches, { leftOver, resumed: when === 'resumed' }))
}

/** Plans every failed trial once more, of whatever reason; of a comparison the whole of its block. */
export function planFailed(store: Store, plan: Plan): Again {
  const failed = failures(store, plan.id)
  const launches = readLaunches(store, plan.id)
  const alone = new Set(launches.flatMap((launch) => (isOfBlock(launch) ? [] : [launch.id])))
  const [blocks, others] = plan.compare === undefined ? [[], failed] : parted(failed, alone)
  const ids = new Set(blocks.map(({ launchId }) => launchId))
  const repeated = repeat(store, launchesOfBlocksWith(ids, launches))
  return { continued: others.map((one) => continueLaunch(store, one)), blocks: repeated }
}

/** Those of blocks, and those that stand between them. */
function parted(failed: readonly Leftover[], alone: ReadonlySet<number>): [Leftover[], Leftover[]] {
  return [failed.filter(({ launchId }) => !alone.has(launchId)), failed.filter(({ launchId }) => alone.has(launchId))]
}

function repeat(store: Store, launches: readonly LaunchRow[]): number[] {
  store.write(() => {
    for (const { id } of launches) repeatLaunch(store, id)
  })
  return [...new Set(launches.map(({ block }) => block))]
}
