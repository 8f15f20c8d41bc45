import type { CellProgress } from '../run/progress.ts'

/** Of the room, how much failures that are long past may take. */
const failedShare = 0.25

/**
 * Which cells to show where there is no room for all, in the order of the plan: those that run, some that failed, then those
 * that ended last and those that come next by turns.
 */
export function shownCells(cells: readonly CellProgress[], room: number): number[] {
  const all = cells.map((_, at) => at)
  if (cells.length <= room) return all
  const cellAt = (at: number) => cells[at] as CellProgress
  const chosen = new Set<number>()
  const take = (from: readonly number[], most: number) => {
    for (const at of from.slice(0, most)) if (chosen.size < room) chosen.add(at)
  }
  const has = (state: 'running' | 'failed') => all.filter((at) => cellAt(at).states.includes(state))
  const latest = all
    .filter((at) => cellAt(at).lastEnded > 0)
    .toSorted((a, b) => cellAt(b).lastEnded - cellAt(a).lastEnded)
  const next = all
    .filter((at) => Number.isFinite(cellAt(at).nextOpen))
    .toSorted((a, b) => cellAt(a).nextOpen - cellAt(b).nextOpen)
  take(has('running'), room)
  take(has('failed').toReversed(), Math.floor(room * failedShare))
  for (const turn of all) {
    if (chosen.size >= room) break
    take(next.slice(turn, turn + 1), 1)
    take(latest.slice(turn, turn + 1), 1)
  }
  return [...chosen].toSorted((a, b) => a - b)
}
