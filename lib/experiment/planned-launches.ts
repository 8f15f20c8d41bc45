import type { Cell, CellConfig } from '../domain/cell.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Compare, LaunchRole, PlannedLaunch } from '../domain/plan.ts'
import { randomSequence, shuffled } from '../domain/seeded.ts'
import { balancedOrders } from './launch-order.ts'

/** What is launched beside the arms. */
export type DeclaredRoles = {
  /** In each block every arm that others are compared with once more. */
  aa?: boolean
  /** One cell again before every so many blocks, and once more at the end; 0 or absent: never. */
  sentinel?: number
}

type Options = DeclaredRoles & { blocks: number; seed: number; compare?: Compare }

/**
 * What is launched, in order: in each block one launch of every arm of a stratum, back to back (and one more for scoring, and for
 * each number of clients), and what stands beside them. Of one block neither twins nor sentinels could say anything: it has none.
 */
export function plannedLaunches(cells: readonly Cell[], options: Options): PlannedLaunch[] {
  const { blocks, seed, compare } = options
  const { aa = false, sentinel = 0 } = blocks > 1 ? options : {}
  const random = randomSequence(seed)
  const nextSeed = () => Math.floor(random() * 2 ** 32)
  const own = groupsOf(cells)
  const groups = aa ? [...own, ...twinsOf(own, compare)] : own
  const places = [...Map.groupBy(groups, placeOf).values()]
  const launches = balancedOrders(places, blocks, nextSeed()).map((order, block) =>
    order.map((group) => launchOf(group, block, shuffled(group.cells, nextSeed()))),
  )
  return sentinel === 0 ? launches.flat() : withSentinels(launches, { watched: watchedIn(own), every: sentinel })
}

/** The cells that one process hosts: those of an arm that differ in nothing but workload and load, and need memory alike. */
type Group = Pick<PlannedLaunch, 'arm' | 'stratum' | 'device' | 'role'> & { memory: string; cells: readonly Cell[] }

function launchOf({ arm, stratum, device, role }: Group, block: number, cells: readonly Cell[]): PlannedLaunch {
  return { block, arm, stratum, device, cellIds: cells.map(({ id }) => id), ...(role && { role }) }
}

const placeOf = ({ device, stratum, memory }: Group) => canonicalJson([device, stratum, memory])

const withRole = (group: Group, role: LaunchRole): Group => ({ ...group, role })

/** Of each stratum the arms that are A in a pair; where nothing is compared, its first arm. */
function twinsOf(groups: readonly Group[], compare: Compare | undefined): Group[] {
  const bases = new Set(compare?.pairs.map(({ base }) => base))
  return [...Map.groupBy(groups, ({ stratum }) => stratum).values()].flatMap((ofStratum) => {
    const compared = ofStratum.filter(({ arm }) => bases.has(arm))
    const some = compared.length > 0 ? compared : ofStratum.filter(({ arm }) => arm === ofStratum[0]?.arm)
    return some.map((group) => withRole(group, 'twin'))
  })
}

/** The first cell that measures speed, in a launch of its own. */
function watchedIn(groups: readonly Group[]): Group | undefined {
  const own = groups.flatMap((group) => group.cells.map((cell) => ({ ...withRole(group, 'sentinel'), cells: [cell] })))
  return own.find(({ cells }) => cells[0]?.config.workload.kind !== 'perplexity') ?? own[0]
}

function withSentinels(
  blocks: readonly (readonly PlannedLaunch[])[],
  { watched, every }: { watched: Group | undefined; every: number },
): PlannedLaunch[] {
  if (watched === undefined) return blocks.flat()
  const at = (block: number) => launchOf(watched, block, watched.cells)
  const before = blocks.flatMap((ofBlock, block) => (block % every === 0 ? [at(block), ...ofBlock] : ofBlock))
  return [...before, at(blocks.length - 1)]
}

function groupsOf(cells: readonly Cell[]): Group[] {
  return [...Map.groupBy(cells, processOf).values()].map((hosted) => {
    const { arm, stratum, config } = hosted[0] as Cell
    const { target, needs } = config.hardware
    return { arm, stratum, device: `${target}-${needs.accelerator}`, memory: memoryOf(config), cells: hosted }
  })
}

/** Equal for cells that one process can host. */
function processOf({ arm, stratum, config }: Cell): string {
  const { model, quantization, backend, hardware } = config
  return canonicalJson([arm, stratum, model, quantization, backend, hardware, memoryOf(config)])
}

/**
 * What an engine takes memory for, and nothing where a server is asked, or vLLM, which takes all at its start. It gives back
 * little of it: a decode of one client, measured in a process that has scored a text or served four clients before, would seem
 * to need up to twice its memory. So each has launches of its own.
 */
function memoryOf({ backend, workload, load }: CellConfig): string {
  if (backend.kind !== 'llama.cpp' && backend.kind !== 'transformers') return ''
  return workload.kind === 'perplexity' ? 'scoring' : `${load.clients} clients`
}
