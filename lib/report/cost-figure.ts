import { significant } from './numbers.ts'
import { pointsFigure } from './points-figure.ts'
import type { TableFigure } from './post-figure.ts'
import { columnOf, numbersOf, type Declared, type TableAsked, withUnit } from './table-cells.ts'
import type { Words } from './words.ts'

export type CostAsked = TableAsked & Declared<'cost'>

/** What a million tokens cost against how many a second there are. Throws a `UserError` for what the table does not have. */
export function costFigure(asked: CostAsked, words: Words): TableFigure {
  const { throughput, cost, time, series, ...common } = asked
  return pointsFigure(
    {
      ...common,
      kind: 'points',
      x: throughput,
      y: cost,
      id: asked.id ?? `cost-${asked.table.name}`,
      title: asked.title ?? titleOf(asked, words),
      ...(series !== undefined && { series }),
      ...(time !== undefined && { also: [time] }),
    },
    words,
  )
}

function titleOf(asked: CostAsked, words: Words): string {
  const { unit } = columnOf(asked.table, asked.cost)
  const sorted = numbersOf(asked, asked.cost).numbers.toSorted((a, b) => a.value - b.value)
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return ''
  return words('published.cost-title', {
    least: least.label,
    leastValue: withUnit(least.text, unit),
    most: most.label,
    mostValue: withUnit(most.text, unit),
    ratio: significant(most.value / least.value, 2),
  })
}
