import type { PublishedColumn } from '../domain/published.ts'
import { UserError } from '../domain/user-error.ts'
import { numberCell, textCell, type Figure } from './figure.ts'
import { marginals } from './marginal.ts'
import { missing, significant } from './numbers.ts'
import { placedPoints, type Point } from './placed-points.ts'
import type { TableFigure } from './post-figure.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import {
  checkKey,
  columnName,
  columnOf,
  columnTitle,
  computedNote,
  inLanguage,
  keyTitle,
  labelOf,
  numbersOf,
  oneOf,
  rowsOf,
  sourceNote,
  type Declared,
  type TableAsked,
  type TableNumber,
  withoutNotes,
  withUnit,
} from './table-cells.ts'
import type { Words } from './words.ts'

export type PointsAsked = TableAsked & Declared<'points'>

type Pair = {
  key: string
  label: string
  x: TableNumber
  y: TableNumber
  series: string
  place: { x: number; y: number }
}
type Columns = { x: PublishedColumn; y: PublishedColumn }

/** One column of a table against another, with labels at the points. Throws a `UserError` for what the table does not have. */
export function pointsFigure(asked: PointsAsked, words: Words): TableFigure {
  const columns = { x: columnOf(asked.table, asked.x), y: columnOf(asked.table, asked.y) }
  const { pairs, base, without } = pairsOf(asked)
  const beaten = asked.frontier === true ? beatenOf(pairs) : []
  const points = pairs.map((pair) => pointOf(words, columns, pair, beaten.includes(pair)))
  const [xTitle, yTitle] = [axisTitle(words, asked, columns.x), axisTitle(words, asked, columns.y)]
  const drawn = placedPoints(words, {
    points,
    xTitle,
    yTitle,
    ...(base !== undefined && { slope: base.place.y / base.place.x }),
    ...(asked.frontier === true && {
      frontier: pairs.filter((pair) => !beaten.includes(pair)).map(({ place }) => place),
    }),
    ...(asked.series !== undefined && { legend: columnTitle(words, columnOf(asked.table, asked.series)) }),
  })
  const reading = [
    ...(beaten.length > 0 ? [words('published.hollow-beaten')] : []),
    ...drawn.reading,
    ...withoutNotes(words, without),
  ]
  return {
    id: asked.id ?? `points-${asked.table.name}-${asked.y}-${asked.x}`,
    title: asked.title ?? titleOf(words, { pairs, beaten, base, columns }),
    subtitle: asked.subtitle ?? subtitleOf(words, { asked, base, log: drawn.log, columns }),
    ...(reading.length > 0 && { reading: `${reading.join('; ')}.` }),
    alt: words('published.alt-points', { x: xTitle, y: yTitle, rows: pairs.map(({ label }) => label).join(', ') }),
    wide: true,
    chart: 'published-points',
    values: drawn.values,
    twin: twinOf(asked, words, base),
  }
}

function pointOf(words: Words, columns: Columns, { label, series, place, x, y }: Pair, hollow: boolean): Point {
  const of = [`${columnTitle(words, columns.x)}: ${x.text}`, `${columnTitle(words, columns.y)}: ${y.text}`]
  return { ...place, label, series, hollow, tip: [label, ...of].join('\n') }
}

function pairsOf(asked: PointsAsked): { pairs: Pair[]; base: Pair | undefined; without: string[] } {
  const { base: baseKey, relative, series } = asked
  const [xs, ys] = [numbersOf(asked, asked.x), numbersOf(asked, asked.y)]
  if (series !== undefined) columnOf(asked.table, series)
  const raw = xs.numbers.flatMap((x): Pair[] => {
    const y = ys.numbers.find(({ key }) => key === x.key)
    // Without a series the base alone has a colour and a shape of its own.
    const named = series === undefined ? (x.key === baseKey ? 'base' : '') : (x.row.cells[series] ?? '')
    return y === undefined
      ? []
      : [{ key: x.key, label: x.label, x, y, series: named, place: { x: x.value, y: y.value } }]
  })
  if (raw.length === 0)
    throw new UserError(`points of ${asked.x} and ${asked.y} in the table ${asked.table.name}: no row has both`)
  const base = baseKey === undefined ? undefined : baseOf(asked, baseKey, raw)
  const by = relative === true ? base?.place : undefined
  if (relative === true && by === undefined)
    throw new UserError(
      `points of the table ${asked.table.name}: multiples need a row that they are multiples of (base)`,
    )
  const scaled = (pair: Pair): Pair =>
    by === undefined ? pair : { ...pair, place: { x: pair.place.x / by.x, y: pair.place.y / by.y } }
  return {
    pairs: raw.map(scaled),
    base: base === undefined ? undefined : scaled(base),
    without: [...xs.without, ...ys.without],
  }
}

function baseOf(asked: PointsAsked, key: string, pairs: readonly Pair[]): Pair {
  checkKey(asked.table, key)
  const found = pairs.find((pair) => pair.key === key)
  if (found === undefined || found.place.x <= 0 || found.place.y <= 0)
    throw new UserError(
      `points of the table ${asked.table.name}: the row ${key} needs both ${asked.x} and ${asked.y}, above zero`,
    )
  return found
}

/** Those that another has as much y as for no more x. */
function beatenOf(pairs: readonly Pair[]): Pair[] {
  const items = pairs.map((pair) => ({ name: pair.key, price: pair.place.x, performance: pair.place.y }))
  const [first] = items
  if (first === undefined) return []
  const beaten = marginals(items, first).filter(({ dominatedBy }) => dominatedBy !== undefined)
  return pairs.filter(({ key }) => beaten.some(({ name }) => name === key))
}

function axisTitle(words: Words, asked: PointsAsked, column: PublishedColumn): string {
  if (asked.relative !== true) return columnTitle(words, column)
  const base = labelOf(asked, asked.base ?? '')
  return words('published.times-base', { what: inLanguage(words, column.title), base })
}

type Told = {
  pairs: readonly Pair[]
  beaten: readonly Pair[]
  base: Pair | undefined
  columns: Columns
}

function titleOf(words: Words, { pairs, beaten, base, columns }: Told): string {
  if (base === undefined && beaten.length > 0)
    return words('published.frontier-title', { n: beaten.length, all: pairs.length })
  if (base === undefined) {
    const top = pairs.toSorted((a, b) => b.place.y - a.place.y)[0]
    return words('published.points-title', {
      y: inLanguage(words, columns.y.title),
      most: top?.label ?? '',
      value: withUnit(top?.y.text ?? '', columns.y.unit),
    })
  }
  const more = pairs.filter(({ place }) => place.y / place.x > (base.place.y / base.place.x) * (1 + 1e-9))
  const best = pairs.toSorted((a, b) => b.place.y / b.place.x - a.place.y / a.place.x)[0]
  if (more.length === 0 || best === undefined)
    return words('published.points-none', { base: base.label, one: oneOf(words, columns.x) })
  return words('published.points-above', {
    n: more.length,
    all: pairs.length - 1,
    base: base.label,
    best: best.label,
    ratio: significant(best.place.y / best.place.x / (base.place.y / base.place.x)),
    one: oneOf(words, columns.x),
  })
}

type Noted = { asked: PointsAsked; base: Pair | undefined; log: boolean; columns: Columns }

function subtitleOf(words: Words, { asked, base, log, columns }: Noted): string {
  const [x, y] = [columnName(words, columns.x), columnName(words, columns.y)]
  const relative = asked.relative === true
  return [
    words(relative ? 'published.against-base' : 'published.against', { x, y, base: base?.label ?? '' }),
    relative ? computedNote(words, asked) : sourceNote(words, asked),
    ...(base === undefined ? [] : [words('published.base-line', { base: base.label, one: oneOf(words, columns.x) })]),
    ...(asked.frontier === true ? [words('published.frontier-line')] : []),
    ...(log ? [words('chart.log-short')] : []),
  ].join('; ')
}

function twinOf(asked: PointsAsked, words: Words, base: Pair | undefined): Figure['twin'] {
  const { table, relative } = asked
  const names = [asked.x, asked.y, ...(asked.series === undefined ? [] : [asked.series]), ...(asked.also ?? [])]
  const columns = names.map((name) => columnOf(table, name))
  const ratios = relative === true && base !== undefined ? [asked.x, asked.y] : []
  return {
    head: [
      textCell(keyTitle(words, table)),
      ...columns.map((column) => numberCell(columnTitle(words, column))),
      ...ratios.map((name) => numberCell(axisTitle(words, asked, columnOf(table, name)))),
    ],
    rows: rowsOf(asked).map((row) => {
      const cells = columns.map(({ name }) => row.cells[name] ?? '')
      return [
        textCell(labelOf(asked, keyOf(table, row))),
        ...cells.map((cell) => numberCell(cell === '' ? missing : cell)),
        ...ratios.map((name) => numberCell(ratioText(asked, name, keyOf(table, row)))),
      ]
    }),
  }
}

function ratioText(asked: PointsAsked, column: string, key: string): string {
  const { numbers } = numbersOf(asked, column)
  const [own, base] = [key, asked.base].map((each) => numbers.find((number) => number.key === each)?.value)
  return own === undefined || base === undefined ? missing : significant(own / base)
}
