import type { Compared, ComparedTrial } from '../domain/compared.ts'
import type { LaunchRow } from '../domain/plan-data.ts'
import type { LaunchRole } from '../domain/plan.ts'

/** What was measured of a cell in one block. */
export type BlockTrial =
  | { status: 'measured'; trial: ComparedTrial; launch: LaunchRow }
  /** It has not been measured yet, and would be if the plan went on. */
  | { status: 'waiting' }
  | { status: 'missing' }

/** The trials of a cell in launches of one role, by block. */
export type CellTrials = { cellId: string; blocks: readonly BlockTrial[] }

/** Finds the trials of cells; what counts is looked up once. */
export function trialFinder({ plan, launches, trials }: Compared): (cellId: string, role?: LaunchRole) => CellTrials {
  const launchOf = new Map(launches.map((launch) => [launch.id, launch]))
  const found = new Map<string, BlockTrial>()
  for (const trial of trials) {
    const launch = launchOf.get(trial.launchId)
    if (launch === undefined) throw new Error(`the launch of trial ${trial.id} is not among those of plan ${plan.id}`)
    found.set(key(trial.cellId, trial.block, launch.role), blockTrial(trial, launch))
  }
  return (cellId, role) => ({
    cellId,
    blocks: Array.from(
      { length: plan.blocks },
      (_, block): BlockTrial => found.get(key(cellId, block, role)) ?? { status: 'missing' },
    ),
  })
}

const key = (cellId: string, block: number, role: LaunchRole | undefined) => `${cellId} ${block} ${role ?? ''}`

function blockTrial(trial: ComparedTrial, launch: LaunchRow): BlockTrial {
  const isOver = trial.status === 'ok' || trial.status === 'failed'
  return isOver ? { status: 'measured', trial, launch } : { status: 'waiting' }
}

/** The trials that were measured, well or not. */
export const measuredIn = ({ blocks }: CellTrials): ComparedTrial[] =>
  blocks.flatMap((block) => (block.status === 'measured' ? [block.trial] : []))
