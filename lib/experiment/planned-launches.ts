import type { Cell, CellConfig } from '../domain/cell.ts'
import { isComparedOver, isScoring } from '../domain/compared-metric.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { isQuality } from '../domain/metric.ts'
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
 * What is launched, in order: in each block one launch of every arm of a stratum, back to back (and one more for each number of
 * clients), and what stands beside them. A text is scored in the first block and in the last (in a launch of its own, where memory is
 * taken for it): the farthest apart, so that a second evaluation sees whatever changed on the way. The orders are drawn as if it were
 * in all blocks. Of one block neither twins nor sentinels could say anything: it has none.
 */
export function plannedLaunches(cells: readonly Cell[], options: Options): PlannedLaunch[] {
  const { blocks, seed, compare } = options
  const { aa = false, sentinel = 0 } = blocks > 1 ? options : {}
  const random = randomSequence(seed)
  const nextSeed = () => Math.floor(random() * 2 ** 32)
  const own = groupsOf(cells)
  const isTwice = twiceOf(cells, compare)
  const isIn = (block: number) => (cell: Cell) => block === 0 || block === blocks - 1 || !isTwice(cell)
  const groups = aa ? [...own, ...twinsOf(own, compare)] : own
  const places = [...Map.groupBy(groups, placeOf).values()]
  const launches = balancedOrders(places, blocks, nextSeed()).map((order, block) =>
    order.flatMap((group) => {
      const asked = shuffled(group.cells, nextSeed()).filter(isIn(block))
      // What scores comes last: what is timed then finds a process that is the same in all blocks.
      const inOrder = [...asked.filter((cell) => !isScoring(cell)), ...asked.filter(isScoring)]
      return inOrder.length === 0 ? [] : [launchOf(group, block, inOrder)]
    }),
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

/** Which cells two blocks are enough for: those that score, where nothing is declared of them that varies from launch to launch. */
function twiceOf(cells: readonly Cell[], compare: Compare | undefined): (cell: Cell) => boolean {
  const varying = (compare?.margins ?? []).filter(({ metric }) => !isQuality(metric))
  return (cell) => isScoring(cell) && !varying.some(({ metric }) => isComparedOver(metric, cell, cells))
}

/**
 * Of each stratum the arms that are A in a pair; where nothing is compared, its first arm. What scores has a twin only where nothing
 * else has.
 */
function twinsOf(groups: readonly Group[], compare: Compare | undefined): Group[] {
  const bases = new Set(compare?.pairs.map(({ base }) => base))
  return [...Map.groupBy(groups, ({ stratum }) => stratum).values()].flatMap((ofStratum) => {
    const compared = ofStratum.filter(({ arm }) => bases.has(arm))
    const some = compared.length > 0 ? compared : ofStratum.filter(({ arm }) => arm === ofStratum[0]?.arm)
    const speed = some.flatMap((group) => {
      const timed = group.cells.filter((cell) => !isScoring(cell))
      return timed.length === 0 ? [] : [{ ...group, cells: timed }]
    })
    return (speed.length > 0 ? speed : some).map((group) => withRole(group, 'twin'))
  })
}

/** The first cell that measures speed, in a launch of its own. */
function watchedIn(groups: readonly Group[]): Group | undefined {
  const own = groups.flatMap((group) => group.cells.map((cell) => ({ ...withRole(group, 'sentinel'), cells: [cell] })))
  return own.find(({ cells }) => !cells.some(isScoring)) ?? own[0]
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
