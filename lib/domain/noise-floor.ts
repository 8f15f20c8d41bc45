import { attachedUrl, type BackendConfig } from './backend-config.ts'
import { canonicalJson } from './canonical-json.ts'
import type { HostFacts } from './manifest.ts'
import type { Metric } from './metric.ts'

/** Where a floor holds: on machines alike, one device, one kind of engine. */
export type FloorPlace = {
  /** `hostClass` of the machine. */
  host: string
  /** As launches have it: `local-cpu`. */
  device: string
  /** `engineClass` of the backend. */
  engine: string
}

/** What a target cannot tell apart: the farther end of the 95 % interval of an arm against itself (A/A). */
export type NoiseFloor = FloorPlace & {
  metric: Metric
  /** Planned blocks of the A/A run: with fewer the floor lies higher. */
  blocks: number
  /** On the scale of margins: 0.03 is 3 % up or down, of a difference it is in the metric's unit. */
  floor: number
  planId: string
  /** When the session of that plan began: milliseconds since 1970, UTC. */
  measuredAtMs: number
}

/** What makes machines alike, as canonical JSON: processor, cores, memory to a GiB, GPUs, virtualization. Neither OS nor driver does. */
export function hostClass({ cpu, cores, memoryBytes, accelerators, virtualization }: HostFacts): string {
  const memoryGiB = Math.round(memoryBytes / 2 ** 30)
  return canonicalJson({ cpu, cores, memoryGiB, gpus: accelerators.map(({ name }) => name), virtualization })
}

/** Its kind; a server that was attached to is another machine, or another process of it, and has its address beside. */
export function engineClass(backend: BackendConfig): string {
  const url = attachedUrl(backend)
  return url === undefined ? backend.kind : `${backend.kind} at ${url}`
}

/** What is looked for. `blocks`: of the comparison. */
type Wanted = FloorPlace & Pick<NoiseFloor, 'metric' | 'blocks'>

/**
 * The floor that holds for a comparison: of the same place and metric, measured in as many blocks or in fewer (which lies higher, and so
 * errs on the safe side); of these of the most blocks, then the latest. `undefined` where there is none.
 */
export function floorFor(floors: readonly NoiseFloor[], wanted: Wanted): NoiseFloor | undefined {
  return floors
    .filter((each) => isAt(each, wanted) && each.metric === wanted.metric && each.blocks <= wanted.blocks)
    .toSorted((a, b) => b.blocks - a.blocks || b.measuredAtMs - a.measuredAtMs || (a.planId < b.planId ? -1 : 1))[0]
}

const isAt = (a: FloorPlace, b: FloorPlace) => a.host === b.host && a.device === b.device && a.engine === b.engine
