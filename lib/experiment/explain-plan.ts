import type { Plan, SkippedCell } from '../domain/plan.ts'
import type { Cell } from '../domain/cell.ts'
import type { Expanded } from './expand.ts'
import { type CellMemory, memoryNeed } from './memory-need.ts'
import type { FieldOrigins } from './resolve-section.ts'

/** What `plan --explain` shows. */
export type PlanExplanation = {
  cells: readonly {
    id: string
    axes: Cell['axes']
    artifact: Cell['artifact']
    /** What a launch will hold; absent where the model is not described. */
    memory?: CellMemory
    fields: FieldOrigins
  }[]
  skipped: readonly SkippedCell[]
}

/** Says for every field of every cell where it came from, and for every skipped cell why. */
export function explainPlan(plan: Plan, { originsOf }: Expanded, repacked: readonly string[]): PlanExplanation {
  const cells = plan.cells.map((cell) => {
    const { id, axes, artifact, config } = cell
    const { backend } = config
    const memory =
      backend.kind === 'llama.cpp' ? memoryNeed({ artifact, config: { ...config, backend } }, repacked) : undefined
    return { id, axes, artifact, ...(memory && { memory }), fields: originsOf(cell) }
  })
  return { cells, skipped: plan.skipped }
}
