import type { BoundCell, BoundSource, BoundTable } from './post-bindings.ts'
import type { Machines } from './machines.ts'
import type { Matrix, MatrixRow, MatrixValue } from './matrix.ts'
import type { TableCell, ValueTable } from './value-table.ts'

const space = '\u00a0'
const textCell = (text: string): BoundCell => ({ text, numeric: false })
const headOf = (name: string, unit: string, numeric: boolean): BoundCell => ({
  text: unit === '' ? name : `${name}, ${unit}`,
  numeric,
})

/** Says why a cell is empty, once for all that are so for the same reason. */
class Notes {
  readonly all: string[] = []
  numberOf(note: string): number {
    const at = this.all.indexOf(note)
    return at >= 0 ? at + 1 : this.all.push(note)
  }
}

/** The report's matrix: the rows that `keeps` takes, the columns that `shows` takes. */
export function boundMatrix(
  { axes, columns, rows }: Matrix,
  pick: {
    keeps: (row: MatrixRow) => boolean
    shows: (column: Matrix['columns'][number]) => boolean
    sourceOf: (value: MatrixValue) => BoundSource | undefined
  },
  invalid: string,
): BoundTable {
  const notes = new Notes()
  const shown = columns.filter(pick.shows)
  const ids = shown.map(({ id }) => id)
  const kept = rows.filter(pick.keeps)
  const slanted = kept.some(({ values }) => values.some(({ column, valid }) => ids.includes(column) && !valid))
  return {
    title: '',
    head: [
      ...axes.map(({ name, numeric }) => headOf(name, '', numeric)),
      ...shown.map(({ name, unit }) => headOf(name, unit, true)),
    ],
    rows: kept.map(({ name, axes: settings, values }) => [
      textCell(name),
      ...settings,
      ...values
        .filter(({ column }) => ids.includes(column))
        .map((value) => matrixCell(value, notes, pick.sourceOf(value))),
    ]),
    notes: notes.all,
    ...(slanted && { remark: invalid }),
  }
}

function matrixCell({ text, half, raw, title, valid }: MatrixValue, notes: Notes, source?: BoundSource): BoundCell {
  if (raw === '') return { text, numeric: true, note: notes.numberOf(title) }
  const shown = half === '' ? text : `${text}${space}${half}`
  return { text: shown, numeric: true, slanted: !valid, ...(source !== undefined && { source }) }
}

/** A table of values by arm. */
export function boundValues({ title, rowHead, heads, rows }: ValueTable): BoundTable {
  const notes = new Notes()
  return {
    title,
    head: [textCell(rowHead), ...heads.map(({ name, unit, n }) => headOf(name, unit, n))],
    rows: rows.map(({ name, cells }) => [textCell(name), ...cells.map((cell) => valueCell(cell, notes))]),
    notes: notes.all,
  }
}

function valueCell({ text, half, gap, title, n, invalid }: TableCell, notes: Notes): BoundCell {
  if (gap) return { text, numeric: n, note: notes.numberOf(title) }
  return { text: half === '' ? text : `${text}${space}${half}`, numeric: n, slanted: invalid }
}

/** What all launches saw alike, as a table of two columns. */
export function boundMachines({ common, conditions }: Machines, heads: readonly [string, string]): BoundTable {
  const rows = [...common, ...conditions].map(({ field, text }) => [textCell(field), textCell(text)])
  return { title: '', head: heads.map(textCell), rows, notes: [] }
}

const withoutLinks = (row: readonly BoundCell[]) => row.map(({ text, numeric }) => ({ text, numeric }))

/** The table beside a figure. */
export function boundTwin({
  head,
  rows,
}: {
  head: readonly BoundCell[]
  rows: readonly (readonly BoundCell[])[]
}): BoundTable {
  return { title: '', head: withoutLinks(head), rows: rows.map(withoutLinks), notes: [] }
}
