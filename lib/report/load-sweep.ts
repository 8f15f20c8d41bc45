import { asksServer } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import { settingsText, type ShownArm, type ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { isOpen, levelAxes, levelOf, type LevelUnit } from './load-level.ts'

/** A cell in its place on a line. */
export type LoadPoint = { cell: ShownCell; level: number }
/** One arm through the levels of a load, the least first. */
export type LoadLine = { arm: ShownArm; points: readonly LoadPoint[] }
/** The lines that share a picture: of one group, one setting and one kind of level. */
export type LoadSweep = {
  unit: LevelUnit
  group: string
  /** The settings that are neither the level nor what is compared; empty where there are none. */
  setting: string
  open: boolean
  lines: readonly LoadLine[]
}

/** Every load that servers, or arrivals, were measured at several levels of. */
export function loadSweepsOf(evidence: Evidence): LoadSweep[] {
  const placed = evidence.comparison.cells.filter(isUnderLoad).flatMap((cell) => {
    const level = levelOf(cell.cell.config.load)
    return level === undefined ? [] : [{ cell, level: level.value, unit: level.unit }]
  })
  const keyOf = ({ cell, unit }: (typeof placed)[number]) =>
    JSON.stringify([cell.arm.group, unit, isOpen(cell.cell.config.load), settingOf(evidence, cell, unit)])
  return [...Map.groupBy(placed, keyOf).values()].flatMap((points) => {
    const [first] = points
    const lines = linesOf(points)
    if (first === undefined || lines.length === 0) return []
    const setting = settingOf(evidence, first.cell, first.unit)
    const open = isOpen(first.cell.cell.config.load)
    return [{ unit: first.unit, group: first.cell.arm.group, setting, open, lines }]
  })
}

function linesOf(points: readonly LoadPoint[]): LoadLine[] {
  return [...Map.groupBy(points, ({ cell }) => cell.arm.value).values()].flatMap((ofArm) => {
    const ascending = ofArm.toSorted((a, b) => a.level - b.level)
    const [first, last] = [ascending[0], ascending.at(-1)]
    return first === undefined || first.level === last?.level ? [] : [{ arm: first.cell.arm, points: ascending }]
  })
}

/** Whether a load is what a cell is about: an embedded engine in a closed loop has charts of its own. */
export function isUnderLoad({ cell, kind }: Pick<ShownCell, 'cell' | 'kind'>): boolean {
  const { backend, load } = cell.config
  return (kind === 'chat' || kind === 'completion') && (asksServer(backend) || isOpen(load))
}

function settingOf({ words, comparison }: Evidence, { cell, workload }: ShownCell, unit: LevelUnit): string {
  const others: Cell['axes'] = Object.fromEntries(
    Object.entries(cell.axes).filter(
      ([name]) =>
        comparison.axes.includes(name) && ![levelAxes[unit], comparison.axis, 'model', 'workload'].includes(name),
    ),
  )
  return [settingsText(others, words), workload].filter((part) => part !== '').join(' · ')
}
