import type { PythonConfig } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import type { SkippedCell } from '../domain/plan.ts'

type Skip = Pick<SkippedCell, 'reason' | 'detail'>

/** Why an engine in Python cannot run a cell here that its program could be started for; `undefined` where it can. */
export function whyNotInPython(
  cell: Cell,
  { kind, threads }: PythonConfig,
  machine: { cores: number },
): Skip | undefined {
  const { workload, hardware } = cell.config
  const { accelerator } = hardware.needs
  if (workload.kind === 'prefill-decode') return { reason: 'format', detail: noParts(kind) }
  if (workload.kind === 'chat' && cell.artifact.description?.chatTemplate === false)
    return { reason: 'format', detail: noTemplate }
  if (accelerator !== 'cpu' || threads <= machine.cores) return undefined
  const cores = machine.cores === 1 ? '1 core' : `${machine.cores} cores`
  return { reason: 'does-not-fit', detail: `needs ${threads} threads, this machine has ${cores}` }
}

const noParts = (kind: string) =>
  `a workload of kind prefill-decode needs the parts of a request apart, and a backend of kind ${kind} is asked for whole ones: take a completion, or the embedded engine`
const noTemplate = 'a chat needs a chat template (chat_template.jinja), and the model has none'
