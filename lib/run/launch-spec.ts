import { askedName, type ArtifactIdentity, type Cell } from '../domain/cell.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'

type Options = {
  plan: Plan
  launch: LaunchRow
  trials: readonly TrialRow[]
  artifact: ArtifactIdentity
  files?: LaunchSpec['files']
  programs?: LaunchSpec['programs']
  /** By cell: the base that its probabilities are held against. */
  bases?: ReadonlyMap<string, ArtifactIdentity>
}

/** All that the worker needs to know of a launch: its trials are those that are still to be measured. */
export function launchSpecOf({
  plan,
  launch,
  trials,
  artifact,
  files = {},
  programs = {},
  bases,
}: Options): LaunchSpec {
  const cells = trials.map((trial) => cellOf(plan, trial.cellId))
  const first = (cells[0] as Cell).config
  const { backend, hardware, artifact: source } = first
  return {
    version: 1,
    launchId: launch.id,
    planId: plan.id,
    device: launch.device,
    attempt: launch.attempt,
    backend,
    hardware,
    model: askedName(first),
    source,
    artifact,
    ...(Object.keys(files).length > 0 && { files }),
    ...(Object.keys(programs).length > 0 && { programs }),
    ...(plan.guards !== undefined && { guards: plan.guards }),
    trials: cells.map(({ id, config, limits, base }, at) => ({
      trialId: (trials[at] as TrialRow).id,
      cellId: id,
      workload: config.workload,
      ...(base && { base: { ...base, artifact: bases?.get(id) ?? base.artifact } }),
      load: config.load,
      warmup: config.warmup,
      limits,
      orderSeed: blockSeed(plan.seed, launch.block),
      ...(plan.keepStreams === true && { keepStreams: true as const }),
    })),
  }
}

/** The cell that a trial measures; plans are frozen, so it is always there. */
export function cellOf(plan: Plan, cellId: string): Cell {
  const cell = plan.cells.find((candidate) => candidate.id === cellId)
  if (cell === undefined) throw new Error(`plan ${plan.id} has no cell ${cellId}`)
  return cell
}

/** Every arm of a block gets the prompts in one order, every block in another. */
const blockSeed = (seed: number, block: number) => (seed ^ Math.imul(block + 1, 0x9e3779b1)) >>> 0
