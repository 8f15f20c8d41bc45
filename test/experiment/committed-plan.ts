import type { Plan } from '../../lib/domain/plan.ts'
import { expandExperiment } from '../../lib/experiment/expand.ts'
import { loadExperiment } from '../../lib/experiment/load-experiment.ts'
import { planExperiment } from '../../lib/experiment/plan.ts'
import { promptPorts } from '../../lib/prompts/prompt-ports.ts'
import { anyArtifact } from './fixture.ts'

const root = process.cwd()

/** The plan of a file of experiments/ over the built-in catalogue, on a machine with every engine and so many cores. */
export async function committedPlan(name: string, cores: number): Promise<Plan> {
  const file = `experiments/${name}`
  const expanded = await expandExperiment({
    loaded: await loadExperiment({ file, path: file, labRoot: root, packageRoot: root }),
    folders: { labRoot: root, packageRoot: root, allowOutside: false },
    ports: {
      ...promptPorts,
      text: async () => ({ status: 'ok', value: { id: 'held-out.txt', text: 'Text.' } }),
      artifact: anyArtifact,
    },
  })
  return planExperiment({
    expanded,
    seed: 1,
    createdAtMs: 0,
    machine: { cores, accelerators: ['cpu'] },
    command: 'run',
  })
}
