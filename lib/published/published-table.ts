import type { PublishedRow, PublishedTable } from '../domain/published.ts'
import type { CsvTable } from '../parse/csv.ts'
import type { Place, Problem } from '../parse/problem.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import type { PostFile } from './post-schema.ts'
import { withoutAbsent } from './without-absent.ts'

type TableFile = PostFile['tables'][string]
export type TableSource = { name: string; table: TableFile; csv: CsvTable; document: SourceDocument; file: string }

/** A table as `post.yaml` describes it and its CSV file has it, with all in which the two do not fit. */
export function publishedTable(source: TableSource): { value: PublishedTable; problems: Problem[] } {
  const { name, table, csv } = source
  const columns = Object.entries(table.columns)
  const keys = columns.filter(([, { role }]) => role === 'key').map(([column]) => column)
  const rows = csv.rows.slice(0, mostRows).map(({ cells }) => rowOf(csv.head, cells))
  const value: PublishedTable = {
    name,
    title: table.title,
    ...(table.number !== undefined && { number: table.number }),
    ...(table.own !== undefined && { own: table.own }),
    ...(table.remark !== undefined && { remark: table.remark }),
    columns: columns.map(([column, facts]) => ({ name: column, ...withoutAbsent(facts) })),
    rows: rows.map(({ line, cells }): PublishedRow => ({ ...(line !== '' && { line: Number(line) }), cells })),
  }
  const ofRows = rows.flatMap((row, index) => rowProblems(source, row, csv.rows[index]?.at))
  return {
    value,
    problems: [
      ...tooMany(source),
      ...columnProblems(source, keys),
      ...ofRows,
      ...keyProblems(source, value.rows, keys),
    ],
  }
}

/** What a post prints has not so many; formulas over whole columns would take the square of them. */
const mostRows = 5000

function tooMany({ csv, file }: TableSource): Problem[] {
  const count = csv.rows.length
  return count <= mostRows ? [] : [{ place: { file }, message: `has ${count} rows; ${mostRows} are the most` }]
}

type Row = { line: string; cells: Readonly<Record<string, string>> }

function rowOf(head: readonly string[], cells: readonly string[]): Row {
  const { line = '', ...rest } = Object.fromEntries(head.map((column, index) => [column, cells[index] ?? '']))
  return { line: line.trim(), cells: rest }
}

function columnProblems({ name, table, csv, document, file }: TableSource, keys: readonly string[]): Problem[] {
  const columns = Object.entries(table.columns)
  const names = columns.map(([column]) => column)
  const at = (...path: string[]): Place => document.place(['tables', name, ...path], 'value')
  const head = csv.head.filter((each) => each !== 'line')
  return [
    ...names
      .filter((each) => !head.includes(each))
      .map((each) => ({ place: at('columns', each), message: `${file} has no column ${each}` })),
    ...head
      .filter((each) => !names.includes(each))
      .map((each) => ({ place: { file, line: 1 }, message: `post.yaml says nothing of the column ${each}` })),
    ...columns
      .filter(([, { role, formula }]) => (role === 'derived') !== (formula !== undefined))
      .map(([each]) => ({
        place: at('columns', each),
        message: 'a column is derived where it has a formula, and only there',
      })),
    ...columns
      .filter(([, { formula, check }]) => formula !== undefined && check !== undefined)
      .map(([each]) => ({
        place: at('columns', each),
        message: 'a derived column is held to its formula: it has no check',
      })),
    ...(keys.length === 1 ? [] : [{ place: at('columns'), message: `one column is the key, ${keys.length} are` }]),
  ]
}

const rowProblems = ({ file }: TableSource, { line }: Row, at: number | undefined): Problem[] =>
  line === '' || /^[1-9]\d{0,6}$/.test(line)
    ? []
    : [
        {
          place: { file, ...(at !== undefined && { line: at }) },
          message: `line is "${line}": a line of the post's text, from 1, or nothing`,
        },
      ]

/** Rows are named by their keys, in formulas and as `table/row/column`. */
function keyProblems({ file }: TableSource, rows: readonly PublishedRow[], [key = '']: readonly string[]): Problem[] {
  const keys = rows.map(({ cells }) => (Object.hasOwn(cells, key) ? (cells[key] ?? '') : undefined))
  const [nameless, divided] = [keys.indexOf(''), keys.find((each) => each?.includes('/') === true)]
  const seen = new Set<string>()
  const twice = keys.find((each) => each !== undefined && each !== '' && (seen.has(each) || !seen.add(each)))
  const messages = [
    ...(nameless === -1 ? [] : [`row ${nameless + 1} has no ${key}, which is the key`]),
    ...(divided === undefined ? [] : [`the row ${divided} has a "/" in its name, which parts table, row and column`]),
    ...(twice === undefined ? [] : [`the row ${twice} is there twice`]),
  ]
  return messages.map((message) => ({ place: { file }, message }))
}
