import { randomInt } from 'node:crypto'
import type { Accelerator } from '../domain/cell.ts'
import type { HostFacts } from '../domain/manifest.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import type { Expanded } from '../experiment/expand.ts'
import { type Machine, planExperiment } from '../experiment/plan.ts'
import { hostFacts } from '../telemetry/host-facts.ts'

export type SizeOptions = { blocks?: number; quick?: true; rigorous?: true }

/** Freezes what an experiment will run on this machine. */
export async function makePlan(expanded: Expanded, options: SizeOptions, command: string): Promise<Plan> {
  const blocks = blocksOf(options)
  return planExperiment({
    expanded,
    ...(blocks !== undefined && { blocks }),
    seed: randomInt(2 ** 32),
    createdAtMs: Date.now(),
    machine: machineOf(await hostFacts()),
    command,
  })
}

function blocksOf({ blocks, quick, rigorous }: SizeOptions): number | undefined {
  const sizes = [blocks, quick && 1, rigorous && 20].filter((size) => size !== undefined)
  if (sizes.length > 1)
    throw new UserError('--blocks, --quick and --rigorous each say how many blocks: give one of them')
  return sizes[0]
}

function machineOf({ cores, accelerators }: HostFacts): Machine {
  const there: Accelerator[] = ['cpu']
  if (process.platform === 'darwin') there.push('metal')
  else if (accelerators.length > 0) there.push('cuda')
  if (process.platform !== 'darwin') there.push('vulkan')
  return { cores, accelerators: there }
}
