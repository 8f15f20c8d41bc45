import type { Cell, LoadConfig, OpenLoad } from '../domain/cell.ts'
import type { KneeSearch } from '../domain/plan.ts'
import { cellIdentifier } from './cell-id.ts'
import type { Expanded } from './expand.ts'

const rateAxis = 'load.ratePerSecond'

/** A load whose rate is a number or `auto`. */
type RatedLoad = Extract<OpenLoad, { ratePerSecond: unknown }>

/** Whether the rate of a load is to be found by probing. */
export const hasAutoRate = (load: LoadConfig): load is RatedLoad =>
  'ratePerSecond' in load && load.ratePerSecond === 'auto'

/** The same cell at a rate: what is measured is that rate, however it was found, so the id is that of the number. */
export function atRate(cell: Cell, ratePerSecond: number): Cell {
  const { config, axes, artifact } = cell
  if (!hasAutoRate(config.load)) return cell
  const resolved = { ...config, load: { ...config.load, ratePerSecond } }
  return {
    ...cell,
    id: cellIdentifier()(resolved, artifact.digest),
    axes: rateAxis in axes ? { ...axes, [rateAxis]: ratePerSecond } : axes,
    config: resolved,
  }
}

/**
 * Puts what was found in the place of `auto`; a search names its cell by the id that it had. Of two cells that have become the
 * same one stays. A cell without a search stays as it is.
 */
export function resolveRates(expanded: Expanded, found: readonly KneeSearch[]): Expanded {
  const searches = new Map(found.map((search) => [search.cellId, search]))
  const before = new Map<string, Cell>()
  const cells = new Map<string, Cell>()
  const probes: KneeSearch[] = []
  for (const cell of expanded.cells) {
    const search = searches.get(cell.id)
    const resolved = search === undefined ? cell : atRate(cell, search.ratePerSecond)
    if (search !== undefined) probes.push({ ...search, cellId: resolved.id })
    if (cells.has(resolved.id)) continue
    cells.set(resolved.id, resolved)
    before.set(resolved.id, cell)
  }
  return {
    ...expanded,
    cells: [...cells.values()],
    ...(probes.length > 0 && { probes }),
    originsOf: (cell) => expanded.originsOf(before.get(cell.id) ?? cell),
  }
}
