import type { JsonValue } from '../domain/json.ts'
import type { ChartRow } from './chart.ts'
import { numberCell, textCell, type Figure } from './figure.ts'
import { markOf } from './marks.ts'
import { significant } from './numbers.ts'
import type { TableFigure } from './post-figure.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import {
  checkKey,
  columnOf,
  columnTitle,
  inLanguage,
  keyTitle,
  labelOf,
  numbersOf,
  rowsOf,
  sourceNote,
  type Declared,
  type TableAsked,
  type TableNumber,
  withoutNotes,
  withUnit,
} from './table-cells.ts'
import { UserError } from '../domain/user-error.ts'
import type { PublishedColumn } from '../domain/published.ts'
import type { Words } from './words.ts'

export type BarsAsked = TableAsked & Declared<'bars'>

type Panel = { column: PublishedColumn; numbers: TableNumber[]; without: string[] }
// Beyond this many, colours tell nothing: all bars have one.
const mostColours = 6

/** Horizontal bars of a table's columns, by row. Throws a `UserError` for what the table does not have. */
export function barsFigure(asked: BarsAsked, words: Words): TableFigure {
  const panels = panelsOf(asked)
  for (const key of asked.marked ?? []) checkKey(asked.table, key)
  const { unit } = checkedUnit(asked, panels)
  const many = panels.length > 1
  const what = many ? inLanguage(words, asked.table.title) : columnTitle(words, first(panels).column)
  const without = panels.flatMap((panel) =>
    panel.without.map((label) => (many ? `${label} (${inLanguage(words, panel.column.title)})` : label)),
  )
  const reading = [...(isReserved(asked) ? [words('published.reserved-note')] : []), ...withoutNotes(words, without)]
  return {
    id: asked.id ?? `bars-${asked.table.name}-${asked.columns.join('-')}`,
    title: asked.title ?? titleOf(words, panels, unit),
    subtitle:
      asked.subtitle ?? [many && unit !== undefined ? `${what}, ${unit}` : what, sourceNote(words, asked)].join('; '),
    ...(reading.length > 0 && { reading: `${reading.join('; ')}.` }),
    alt: words('published.alt-bars', { what, ends: endsOf(words, panels, unit) }),
    wide: true,
    chart: 'published-bars',
    values: {
      rows: panels.flatMap((panel, order) => panelRows(asked, words, { ...panel, order, many })),
      ...barScales(many),
      unit: unit ?? null,
    },
    twin: twinOf(asked, words, panels),
  }
}

function panelsOf(asked: BarsAsked): Panel[] {
  const panels = asked.columns.map((name) => ({ column: columnOf(asked.table, name), ...numbersOf(asked, name) }))
  const sign = asked.sort === 'most-first' ? -1 : asked.sort === 'least-first' ? 1 : 0
  const order = new Map(
    (panels[0]?.numbers ?? []).toSorted((a, b) => sign * (a.value - b.value)).map(({ key }, index) => [key, index]),
  )
  const place = (key: string) => order.get(key) ?? order.size
  return panels.map((panel) => ({
    ...panel,
    numbers: sign === 0 ? panel.numbers : panel.numbers.toSorted((a, b) => place(a.key) - place(b.key)),
  }))
}

function checkedUnit(asked: BarsAsked, panels: readonly Panel[]): { unit: string | undefined } {
  const units = [...new Set(panels.map(({ column }) => column.unit))]
  const columns = asked.columns.join(', ')
  if (units.length > 1)
    throw new UserError(
      `bars of ${columns} in the table ${asked.table.name}: they have different units (${units.map((unit) => unit ?? 'none').join(', ')}): ask for a chart of each`,
    )
  if (panels.every(({ numbers }) => numbers.length === 0))
    throw new UserError(
      `bars of ${columns || 'no column'} in the table ${asked.table.name}: there is no number to show`,
    )
  return { unit: units[0] }
}

function first(panels: readonly Panel[]): Panel {
  const [panel] = panels
  if (panel === undefined) throw new Error('bars without a column')
  return panel
}

function panelRows(asked: BarsAsked, words: Words, panel: Panel & { order: number; many: boolean }): ChartRow[] {
  const keys = rowsOf(asked).map((row) => keyOf(asked.table, row))
  const coloured = panel.many && keys.length <= mostColours
  return panel.numbers.map(({ key, label, value, text }) => {
    const reserved = asked.reserved?.includes(`${key}/${panel.column.name}`) === true
    const marked = asked.marked?.includes(key) === true
    const said = reserved ? words('published.reserved', { value: text }) : text
    return {
      panel: panel.many ? inLanguage(words, panel.column.title) : '',
      order: panel.order,
      label,
      value,
      text: said,
      colour: coloured ? keys.indexOf(key) : marked ? 2 : 0,
      strength: reserved ? 0.35 : 1,
      tip: `${label}\n${columnTitle(words, panel.column)}: ${said}`,
    }
  })
}

const isReserved = ({ reserved = [] }: BarsAsked) => reserved.length > 0

/** What the template asks for beside rows: the colours of the field `colour`, and how the names of panels stand. */
export function barScales(many: boolean): Record<string, JsonValue> {
  const indexes = Array.from({ length: mostColours }, (_, index) => index)
  return {
    indexes,
    colours: indexes.map((index) => markOf(index).colour),
    // A panel without a name is to take no room for it.
    header: many ? { labelPadding: -8 } : { labelFontSize: 1, labelPadding: -12 },
  }
}

function titleOf(words: Words, panels: readonly Panel[], unit: string | undefined): string {
  const ranked = panels.map(({ numbers }) => numbers.toSorted((a, b) => b.value - a.value))
  const all = ranked.flat().toSorted((a, b) => b.value - a.value)
  const [top, bottom] = [all[0], all.at(-1)]
  if (top === undefined || bottom === undefined) return ''
  const ends = { most: top.label, mostValue: said(top, unit), least: bottom.label, leastValue: said(bottom, unit) }
  if (panels.length > 1) {
    const most = sameOf(ranked.map(([highest]) => highest))
    const least = sameOf(ranked.map((each) => each.at(-1)))
    if (most === least || (most === undefined && least === undefined)) return rangesOf(words, panels, unit)
    if (least === undefined) return words('published.bars-title-most-each', ends)
    return words(most === undefined ? 'published.bars-title-least-each' : 'published.bars-title-each', ends)
  }
  if (top === bottom) return words('published.bars-title-one', ends)
  if (bottom.value <= 0) return words('published.bars-title-zero', ends)
  return words('published.bars-title', { ...ends, ratio: significant(top.value / bottom.value, 2) })
}

/** Without what a post marks a number with. */
const said = ({ text }: TableNumber, unit: string | undefined) => withUnit(text.replace(/\s*\*$/, ''), unit)

/** From where to where each panel goes. */
function rangesOf(words: Words, panels: readonly Panel[], unit: string | undefined): string {
  return panels
    .flatMap(({ column, numbers }) => {
      const sorted = numbers.toSorted((a, b) => a.value - b.value)
      const [least, most] = [sorted[0], sorted.at(-1)]
      if (least === undefined || most === undefined) return []
      const [leastValue, mostValue] = [said(least, undefined), said(most, unit)]
      const what = inLanguage(words, column.title)
      return [
        words('published.bars-title-range', { what, least: least.label, leastValue, most: most.label, mostValue }),
      ]
    })
    .join('; ')
}

/** The label that all have. */
function sameOf(numbers: readonly (TableNumber | undefined)[]): string | undefined {
  const labels = new Set(numbers.map((number) => number?.label))
  return labels.size === 1 ? [...labels][0] : undefined
}

function endsOf(words: Words, panels: readonly Panel[], unit: string | undefined): string {
  const all = panels.flatMap(({ numbers }) => numbers).toSorted((a, b) => b.value - a.value)
  const ends = [all[0], all.at(-1)].flatMap((end) => (end === undefined ? [] : [`${end.label} (${said(end, unit)})`]))
  const [most = '', least = most] = ends
  return words('published.alt-ends', { most, least })
}

function twinOf(asked: BarsAsked, words: Words, panels: readonly Panel[]): Figure['twin'] {
  return {
    head: [
      textCell(keyTitle(words, asked.table)),
      ...panels.map(({ column }) => numberCell(columnTitle(words, column))),
    ],
    rows: rowsOf(asked).map((row) => {
      const cells = panels.map(({ column }) => row.cells[column.name] ?? '')
      return [
        textCell(labelOf(asked, keyOf(asked.table, row))),
        ...cells.map((cell) => numberCell(cell === '' ? '–' : cell)),
      ]
    }),
  }
}
