import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { Evidence } from './evidence.ts'

const axis = 'backend.threads'
// Less than this may be anything.
const leastLoss = 0.02

/** Cells on as many threads as the machine has cores that are slower than the same on fewer. */
export type ThreadsHint = { cells: readonly string[]; cores: number }

/**
 * What a reader takes for a finding about models and may be one about the machine: with a thread for every core, whatever
 * else runs stops one of them, and the others wait for it.
 */
export function threadsHint(evidence: Evidence): ThreadsHint | undefined {
  const manifests = Object.values(evidence.data.manifests)
  const cores = Math.min(...manifests.map(({ manifest }) => manifest.host.cores))
  const slower = measuredSpeeds(evidence).flatMap(({ metric, cells }) =>
    slowerCells(evidence, { metric, cells, cores }),
  )
  return slower.length === 0 ? undefined : { cells: [...new Set(slower)], cores }
}

type Measured = { metric: Metric; cells: readonly ShownCell[]; cores: number }
function slowerCells(evidence: Evidence, { metric, cells, cores }: Measured): string[] {
  const speed = (cell: ShownCell) => evidence.valueOf(cell, metric)?.value ?? 0
  return [...Map.groupBy(cells, withoutThreads).values()].flatMap((same) => {
    const full = same.filter((cell) => threadsOf(cell) >= cores)
    const fewer = same.filter((cell) => threadsOf(cell) < cores)
    const best = Math.max(0, ...fewer.map(speed))
    return full.filter((cell) => speed(cell) > 0 && speed(cell) < (1 - leastLoss) * best).map((cell) => cell.name)
  })
}

function threadsOf({ cell }: ShownCell): number {
  const { backend } = cell.config
  return backend.kind === 'llama.cpp' ? backend.threads : 0
}

function withoutThreads({ cell }: ShownCell): string {
  return JSON.stringify({ ...cell.axes, [axis]: null })
}
