import { separatesArms } from '../domain/axis.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { isOpen } from './load-level.ts'
import { symbolOf } from './symbol.ts'
import { columnCells, type TableRow, type ValueColumn } from './value-table.ts'

/** The cells that answer the same prompts under the same load, one of each arm: several arms at least. */
export type ArmBlock = { title: string; cells: readonly ShownCell[] }

/** What is written, by arm: of several numbers of clients that of most arms, the fewest of those. */
export function armBlocksOf({ comparison }: Evidence): ArmBlock[] {
  const writing = comparison.cells.filter(
    ({ kind, cell }) => (kind === 'completion' || kind === 'chat') && !isOpen(cell.config.load),
  )
  const blocks = [...Map.groupBy(writing, blockKey).values()].flatMap((cells) => {
    const same = underOneLoad(cells)
    return armCount(same) > 1 ? [same] : []
  })
  const several = blocks.length > 1
  return blocks.map((cells) => ({ title: several ? titleOf(cells) : '', cells }))
}

function armCount(cells: readonly ShownCell[]): number {
  return new Set(cells.map(({ arm }) => arm)).size
}

/** What one client sees is what engines differ in first. */
function underOneLoad(cells: readonly ShownCell[]): readonly ShownCell[] {
  const byClients = [...Map.groupBy(cells, ({ cell }) => cell.config.load.clients)]
  const [first] = byClients.toSorted(([few, a], [many, b]) => armCount(b) - armCount(a) || few - many)
  return first?.[1] ?? []
}

function blockKey({ cell, arm }: ShownCell): string {
  const tasks = Object.entries(cell.axes).filter(([axis]) => !separatesArms(axis) && axis !== 'load.clients')
  return JSON.stringify([arm.group, tasks, cell.config.workload.name])
}

function titleOf([first]: readonly ShownCell[]): string {
  if (first === undefined) return ''
  const tasks = first.name.startsWith(first.arm.name) ? first.name.slice(first.arm.name.length + 3) : first.name
  return [first.arm.group, tasks].filter((part) => part !== '').join(' · ')
}

/** Names without the group that all of `cells` are of: it would stand before each. */
export function shortNames(cells: readonly ShownCell[]): (name: string) => string {
  const [group = '', ...others] = new Set(cells.map(({ arm }) => arm.group))
  const before = `${group} · `
  return (name) => (others.length === 0 && group !== '' && name.startsWith(before) ? name.slice(before.length) : name)
}

/** A row for each of `cells`, with the best of each column marked. */
export function armRows(
  cells: readonly ShownCell[],
  columns: readonly ValueColumn[],
  named: (cell: ShownCell) => string = ({ arm }) => arm.name,
): TableRow[] {
  const values = columnCells(cells, columns)
  const nameOf = shortNames(cells)
  return cells.map((cell, at) => ({
    arm: cell.arm.index,
    symbol: symbolOf(cell.arm.mark),
    name: nameOf(named(cell)),
    cells: values[at] ?? [],
  }))
}
