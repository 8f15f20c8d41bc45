import { randomInt } from 'node:crypto'
import type { Accelerator } from '../domain/cell.ts'
import type { HostFacts } from '../domain/manifest.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import type { Expanded } from '../experiment/expand.ts'
import type { TargetMemory } from '../experiment/memory-fit.ts'
import type { Machine } from '../experiment/machine.ts'
import { planExperiment } from '../experiment/plan.ts'
import { missingPrograms } from './find-program.ts'
import type { Place } from './lab.ts'
import { hostFacts } from '../telemetry/host-facts.ts'
import { repackedTypes } from '../telemetry/repacked-types.ts'

export type SizeOptions = { blocks?: number; quick?: true; rigorous?: true }
/** `ignoreFit`: cells run although they need more memory than there is, as far as that can be known. */
export type PlanChoices = SizeOptions & { ignoreFit?: true }

/** Freezes what an experiment will run on this machine. */
export async function makePlan(
  expanded: Expanded,
  options: PlanChoices,
  { command, place }: { command: string; place: Place },
): Promise<Plan> {
  const blocks = blocksOf(options)
  const { memory, ...machine } = await thisMachine()
  const lacking = await missingPrograms(expanded.cells, place)
  return planExperiment({
    expanded,
    ...(blocks !== undefined && { blocks }),
    seed: randomInt(2 ** 32),
    createdAtMs: Date.now(),
    machine: { ...machine, lacking, ...(options.ignoreFit !== true && { memory }) },
    command,
  })
}

function blocksOf({ blocks, quick, rigorous }: SizeOptions): number | undefined {
  const sizes = [blocks, quick && 1, rigorous && 20].filter((size) => size !== undefined)
  if (sizes.length > 1)
    throw new UserError('--blocks, --quick and --rigorous each say how many blocks: give one of them')
  return sizes[0]
}

/** What a plan has to know of the machine that this program runs on. */
export async function thisMachine(): Promise<Machine & { memory: TargetMemory }> {
  const facts = await hostFacts()
  const vramBytes = gpuBytes(facts)
  const { memoryBytes } = facts
  const memory = { memoryBytes, repacked: repackedTypes(), ...(vramBytes > 0 && { vramBytes }) }
  return { ...machineOf(facts), memory }
}

/** On Apple silicon the GPU shares the memory; macOS lets it have about three quarters. */
function gpuBytes({ accelerators, memoryBytes }: HostFacts): number {
  if (process.platform === 'darwin') return accelerators.length > 0 ? Math.round(memoryBytes * 0.75) : 0
  return accelerators.reduce((sum, { memoryBytes: bytes = 0 }) => sum + bytes, 0)
}

function machineOf({ cores, cpu, accelerators }: HostFacts): Machine {
  const there: Accelerator[] = ['cpu']
  if (process.platform === 'darwin') there.push('metal')
  else if (accelerators.length > 0) there.push('cuda')
  if (process.platform !== 'darwin') there.push('vulkan')
  return { cores, cpu, gpus: accelerators.map(({ name }) => name), accelerators: there }
}
