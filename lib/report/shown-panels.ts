import { panelOf } from './cell-rows.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { kneeOf } from './load-knee.ts'
import { isUnderLoad, loadSweepsOf } from './load-sweep.ts'

/**
 * The panels of a figure that has room for `most` of those that `cells` stand in: the first ones; of the levels of a load the
 * least, those at a knee and the largest.
 */
export function shownPanels(evidence: Evidence, cells: readonly ShownCell[], most: number): string[] {
  const telling = cells.every(isUnderLoad) ? tellingCells(evidence) : undefined
  const chosen = telling === undefined || telling.size === 0 ? cells : cells.filter((cell) => telling.has(cell))
  return [...new Set(chosen.map((cell) => panelOf(evidence, cell)))].slice(0, most)
}

/**
 * The first of `items` by whole panels, as many as make `most` at the most: a panel without some of its arms would name the wrong one
 * best. Of a first panel that is larger its first ones.
 */
export function inWholePanels<Item extends { cell: ShownCell }>(
  evidence: Evidence,
  items: readonly Item[],
  most: number,
): readonly Item[] {
  const [first = [], ...others] = Map.groupBy(items, ({ cell }) => panelOf(evidence, cell)).values()
  const chosen = new Set(first.slice(0, most))
  for (const panel of others) {
    if (chosen.size + panel.length > most) break
    for (const item of panel) chosen.add(item)
  }
  return items.filter((item) => chosen.has(item))
}

function tellingCells(evidence: Evidence): ReadonlySet<ShownCell> {
  const lines = loadSweepsOf(evidence).flatMap((sweep) => sweep.lines)
  return new Set(
    lines.flatMap((line) => {
      const knee = kneeOf(evidence, line)?.point
      const points = [line.points[0], knee, line.points.at(-1)].filter((point) => point !== undefined)
      return points.map(({ cell }) => cell)
    }),
  )
}
