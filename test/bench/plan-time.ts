import { join } from 'node:path'
import { expandFile } from '../../lib/lab/expand-file.ts'
import { makePlan } from '../../lib/lab/make-plan.ts'
import { Lab } from '../system/lab.ts'
import { type Figure, median } from './bound.ts'

const numbers = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => i + 1))
const experiment = `
name: many-cells
axes:
  model: [random-5m, random-50m]
  quantization: [f16, q8_0]
  workload: [decode]
  load.requests: ${numbers(50)}
  workload.sampling.seed: ${numbers(50)}
`

/** From the file to the frozen plan, digests and machine facts included. */
export async function planTime(): Promise<Figure[]> {
  using lab = new Lab({ 'many.yaml': experiment })
  const io = {
    stdout() {},
    stdoutAll: async () => {},
    stderr() {},
    whenTold: async () => 'SIGTERM' as const,
    catchInterrupts: () => ({ soft: new AbortController().signal, hard: new AbortController().signal }),
    env: process.env,
    cwd: lab.root,
  }
  const times: number[] = []
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now()
    const plan = await makePlan(
      await expandFile(join('experiments', 'many.yaml'), { set: [] }, io),
      { blocks: 1 },
      { command: 'bench', place: io },
    )
    times.push((performance.now() - start) / 1000)
    if (plan.cells.length !== 10_000) throw new Error(`planned ${plan.cells.length} cells`)
  }
  return [{ what: 'planning 10,000 cells, median', value: median(times), unit: 's', limit: { atMost: 1 } }]
}
