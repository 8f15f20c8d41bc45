import { separatesArms } from '../domain/axis.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { isOpen } from './load-level.ts'
import { symbolOf } from './symbol.ts'
import { columnCells, type TableRow, type ValueColumn } from './value-table.ts'

/** The cells that answer the same prompts under the same load, one of each arm: several arms at least. */
export type ArmBlock = { title: string; cells: readonly ShownCell[] }

/** What is written, by arm: of several numbers of clients the fewest, as what one client sees is what engines differ in first. */
export function armBlocksOf({ comparison }: Evidence): ArmBlock[] {
  const writing = comparison.cells.filter(
    ({ kind, cell }) => (kind === 'completion' || kind === 'chat') && !isOpen(cell.config.load),
  )
  const blocks = [...Map.groupBy(writing, blockKey).values()].flatMap((cells) => {
    const fewest = Math.min(...cells.map(({ cell }) => cell.config.load.clients))
    const same = cells.filter(({ cell }) => cell.config.load.clients === fewest)
    return new Set(same.map(({ arm }) => arm)).size > 1 ? [same] : []
  })
  const several = blocks.length > 1
  return blocks.map((cells) => ({ title: several ? titleOf(cells) : '', cells }))
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

/** A row for each of `cells`, with the best of each column marked. */
export function armRows(cells: readonly ShownCell[], columns: readonly ValueColumn[]): TableRow[] {
  const values = columnCells(cells, columns)
  return cells.map((cell, at) => ({
    arm: cell.arm.index,
    symbol: symbolOf(cell.arm.mark),
    name: cell.arm.name,
    cells: values[at] ?? [],
  }))
}
