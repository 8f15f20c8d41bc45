import type { Metric } from '../domain/metric.ts'
import { boundMachines, boundMatrix, boundTwin, boundValues } from './bound-table.ts'
import { axisText } from './comparison.ts'
import { costTables } from './cost-tables.ts'
import type { Evidence } from './evidence.ts'
import type { MatrixColumn } from './matrix-columns.ts'
import type { MatrixRow, MatrixValue } from './matrix.ts'
import { pickFigures } from './pick-figures.ts'
import { filtersOf } from './plan-value.ts'
import { AskProblem, lacking, type PostAsk } from './post-ask.ts'
import type { BoundSource, BoundTable } from './post-bindings.ts'
import { sampleOf } from './post-sample.ts'
import type { ReportView } from './report-view.ts'

type Ask = { evidence: Evidence; view: ReportView; ask: PostAsk }

const tables: Readonly<Record<string, (of: Ask) => readonly BoundTable[]>> = {
  matrix: ({ evidence, view, ask }) => [matrixTable(evidence, view, ask)],
  prompts: ({ view }) =>
    view.prompts.flatMap(({ title, tables: all }) => all.map((table) => titled(title, boundValues(table)))),
  engines: ({ view: { engines } }) => [
    ...(engines?.blocks ?? []).flatMap(({ title, tables: all }) =>
      all.map((table) => titled(title, boundValues(table))),
    ),
    ...(engines?.client ?? []).map(boundValues),
  ],
  costs: ({ evidence }) => costTables(evidence),
  machines: ({ evidence: { words }, view }) => [
    boundMachines(view.machines, [words('post.field'), words('post.value')]),
  ],
}

/**
 * `{{table "matrix"}}`, the report's other tables, and that of each figure by the figure's name. Throws an `AskProblem` that lists
 * them where there is none of a name.
 */
export function planTables(evidence: Evidence, view: ReportView, ask: PostAsk): readonly BoundTable[] {
  const [name = 'matrix', more] = ask.words
  if (more !== undefined) throw new AskProblem(`"${more}" belongs to no option: a table has one name`)
  const make = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (name !== 'matrix') refuseOptions(name, ask)
  if (make !== undefined) return make({ evidence, view, ask })
  const figures = [...view.answerFigures, ...view.figures]
  if (figures.some(({ id }) => id === name))
    return pickFigures(figures, { words: [name], options: {} }, 'one').map(({ twin }) => boundTwin(twin))
  const all = [...Object.keys(tables), ...figures.map(({ id }) => id)]
  throw lacking('there is no table', name, all)
}

function refuseOptions(name: string, { options }: PostAsk): void {
  const [option] = Object.keys(options)
  if (option !== undefined)
    throw new AskProblem(`the table ${name} has no option ${option}: only the matrix has, axes and columns="…"`)
}

function titled(title: string, table: BoundTable): BoundTable {
  return { ...table, title: [title, table.title].filter((part) => part !== '').join(' · ') }
}

function matrixTable(evidence: Evidence, { matrix }: ReportView, { options }: PostAsk): BoundTable {
  const { columns: wanted, ...axes } = options
  const filters = filtersOf(evidence, axes, ['columns'])
  const { cells } = evidence.comparison
  const keeps = (row: MatrixRow) =>
    row.cells.split(' ').some((number) => {
      const cell = cells[Number(number) - 1]?.cell
      return filters.every(({ axis, value }) => axisText(cell?.axes[axis]) === value)
    })
  const shows = wanted === undefined ? ({ hidden }: MatrixColumn) => !hidden : chosen(matrix.columns, wanted)
  const table = boundMatrix(
    matrix,
    { keeps, shows, sourceOf: sourcesOf(evidence, matrix.columns) },
    evidence.words('matrix.note-invalid'),
  )
  if (table.rows.length > 0) return table
  throw new AskProblem(`no row has ${filters.map(({ axis, value }) => `${axis}=${value}`).join(', ')}`)
}

/** What is behind a value of the matrix: it names its cell by an anchor, and its metric by its column. */
function sourcesOf(evidence: Evidence, columns: readonly MatrixColumn[]) {
  const metricsById = new Map(columns.map((column) => [column.id, metricOf(column)]))
  return ({ column, href }: MatrixValue): BoundSource | undefined => {
    const cell = evidence.comparison.cells[Number(href.replace('#cell-', '')) - 1]
    const metric = metricsById.get(column)
    const sample = cell && metric !== undefined ? sampleOf(evidence, cell, metric as Metric) : undefined
    return sample && { says: sample.says, samples: [sample] }
  }
}

const metricOf = ({ href }: MatrixColumn) => href.replace('#metric-', '')

/** Columns by their metrics, as the matrix has them. */
function chosen(columns: readonly MatrixColumn[], wanted: string): (column: MatrixColumn) => boolean {
  const names = wanted.split(',').map((name) => name.trim())
  const all = [...new Set(columns.map(metricOf))] // of loads a metric has several
  for (const name of names) if (!all.includes(name)) throw lacking('there is no column', name, all)
  return (column) => names.includes(metricOf(column))
}
