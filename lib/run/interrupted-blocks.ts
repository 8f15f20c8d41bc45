import type { LaunchRow } from '../domain/plan-data.ts'

type Options = {
  /** Launches that left trials over. */
  leftOver: ReadonlySet<number>
  /** Whether the runner comes back: then also a block is interrupted that it left between two launches. */
  resumed: boolean
}

/**
 * The launches that are to be measured again because their block was interrupted by the runner, the link or the user: the last
 * attempt of each that has begun. Those of the block that have not begun run as they are. A crash of the engine interrupts no block.
 */
export function launchesOfInterruptedBlocks(launches: readonly LaunchRow[], options: Options): LaunchRow[] {
  const blocks = Map.groupBy(lastAttempts(launches).filter(isOfBlock), blockOf)
  return [...blocks.values()].flatMap((block) => (isInterrupted(block, options) ? block.filter(hasBegun) : []))
}

/** The launches of the blocks to which any of some launches belongs, as `launchesOfInterruptedBlocks` gives them. */
export function launchesOfBlocksWith(ids: ReadonlySet<number>, launches: readonly LaunchRow[]): LaunchRow[] {
  const blocks = Map.groupBy(lastAttempts(launches).filter(isOfBlock), blockOf)
  return [...blocks.values()].flatMap((block) => (block.some(({ id }) => ids.has(id)) ? block.filter(hasBegun) : []))
}

/** Whether a launch is compared with the others of its block: a sentinel only stands between them. */
export const isOfBlock = ({ role }: Pick<LaunchRow, 'role'>): boolean => role !== 'sentinel'
const blockOf = ({ block, stratum, device }: LaunchRow) => JSON.stringify([block, stratum, device])
const hasBegun = ({ status, attempt }: LaunchRow) => status !== 'pending' || attempt > 1

function lastAttempts(launches: readonly LaunchRow[]): LaunchRow[] {
  const continued = new Set(launches.map((launch) => launch.continues))
  return launches.filter(({ id }) => !continued.has(id))
}

function isInterrupted(block: readonly LaunchRow[], { leftOver, resumed }: Options): boolean {
  if (block.some(({ status }) => status === 'interrupted')) return true
  return resumed && block.some(hasBegun) && block.some(({ id, status }) => status === 'pending' || leftOver.has(id))
}
