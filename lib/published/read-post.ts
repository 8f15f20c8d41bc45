import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PublishedClaim, PublishedPost, PublishedRow, PublishedTable } from '../domain/published.ts'
import { nearest } from '../domain/nearest.ts'
import { checkDocument } from '../parse/check-value.ts'
import { parseCsv, type CsvTable } from '../parse/csv.ts'
import { orThrow, type Place, type Problem, problemsError } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { parseYaml, maxDocumentBytes, type SourceDocument } from '../parse/yaml-document.ts'
import { figureProblems } from './figure-problems.ts'
import { postSchema, type PostFile } from './post-schema.ts'
import { UserError } from '../domain/user-error.ts'

type Roots = { labRoot: string; packageRoot: string }
type TableFile = PostFile['tables'][string]

/** The folder of a post: the lab's own comes before the packaged one. Throws a `UserError` where there is none. */
async function folderOf(post: string, { labRoot, packageRoot }: Roots): Promise<string> {
  const known = new Map<string, string>()
  for (const root of [packageRoot, labRoot])
    for (const name of await postsIn(root)) known.set(name, join(root, 'data', 'published', name))
  const folder = known.get(post)
  if (folder !== undefined) return folder
  const near = nearest(post, [...known.keys()])
  const meant = near === undefined ? `there are: ${[...known.keys()].join(', ') || 'none'}` : `did you mean ${near}?`
  throw new UserError(`data/published/${post}: there is no such post: ${meant}`)
}

async function postsIn(root: string): Promise<string[]> {
  const found = await readdir(join(root, 'data', 'published'), { withFileTypes: true }).catch(() => [])
  return found
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

/** Reads `data/published/<post>/`. Throws a `UserError` with all that is wrong with it, each with its place. */
export async function readPost(post: string, roots: Roots): Promise<PublishedPost> {
  const folder = await folderOf(post, roots)
  const file = `data/published/${post}/post.yaml`
  const document = orThrow(
    parseYaml(orThrow(await readSource({ file, path: join(folder, 'post.yaml'), maxBytes: maxDocumentBytes }))),
  )
  const checked = orThrow(checkDocument(postSchema, document))
  const tables = await Promise.all(
    Object.entries(checked.tables).map(async ([name, table]) => {
      const place = { file: `data/published/${post}/${table.file}`, path: join(folder, table.file) }
      const csv = orThrow(parseCsv(orThrow(await readSource({ ...place, maxBytes: maxDocumentBytes }))))
      return tableOf({ name, table, csv, document, file: place.file })
    }),
  )
  const { claims, problems } = claimsOf(checked, document)
  const read = tables.map(({ value }) => value)
  const all = [...tables.flatMap((table) => table.problems), ...problems, ...figureProblems(checked, read, document)]
  if (all.length > 0) throw problemsError(all)
  const { title, source, figures, slips, notes } = checked
  return {
    name: post,
    title,
    source: withoutAbsent(source),
    tables: read,
    figures: figures as PublishedPost['figures'], // what is absent of them is not there
    claims,
    slips,
    notes,
  }
}

type TableSource = { name: string; table: TableFile; csv: CsvTable; document: SourceDocument; file: string }

function tableOf({ name, table, csv, document, file }: TableSource): { value: PublishedTable; problems: Problem[] } {
  const columns = Object.entries(table.columns)
  const names = columns.map(([column]) => column)
  const at = (...path: string[]): Place => document.place(['tables', name, ...path], 'value')
  const head = csv.head.filter((each) => each !== 'line')
  const keys = columns.filter(([, { role }]) => role === 'key').map(([column]) => column)
  const problems: Problem[] = [
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
    ...(keys.length === 1 ? [] : [{ place: at('columns'), message: `one column is the key, ${keys.length} are` }]),
  ]
  const rows = csv.rows.map(({ cells }): PublishedRow => {
    const byName = Object.fromEntries(csv.head.map((column, index) => [column, cells[index] ?? '']))
    const { line, ...rest } = byName
    return { ...(line !== undefined && line !== '' && { line: Number(line) }), cells: rest }
  })
  const [key = ''] = keys
  const twice = rows.find(({ cells }, index) => rows.findIndex((other) => other.cells[key] === cells[key]) !== index)
  if (twice !== undefined)
    problems.push({ place: { file }, message: `the row ${twice.cells[key] ?? ''} is there twice` })
  const value = {
    name,
    title: table.title,
    ...(table.number !== undefined && { number: table.number }),
    columns: columns.map(([column, facts]) => ({ name: column, ...withoutAbsent(facts) })),
    rows,
  }
  return { value, problems }
}

function claimsOf({ claims, tables, slips }: PostFile, document: SourceDocument) {
  const problems: Problem[] = []
  const told: PublishedClaim[] = []
  for (const [id, { says, lines, formula, printed, unit, test, untestable }] of Object.entries(claims)) {
    const common = { id, says, lines }
    if (formula !== undefined && printed !== undefined && test === undefined && untestable === undefined)
      told.push({ ...common, formula, printed, ...(unit !== undefined && { unit }) })
    else if (test !== undefined && formula === undefined && untestable === undefined) told.push({ ...common, test })
    else if (untestable !== undefined && formula === undefined && test === undefined)
      told.push({ ...common, untestable })
    else
      problems.push({
        place: document.place(['claims', id], 'value'),
        message: 'a claim has either formula and printed, or test, or untestable',
      })
  }
  for (const [index, { of }] of slips.entries())
    if (!Object.hasOwn(claims, of) && !Object.hasOwn(tables, of.split('/')[0] ?? ''))
      problems.push({
        place: document.place(['slips', index, 'of'], 'value'),
        message: `${of} is no claim and no cell (table/row/column)`,
      })
  return { claims: told, problems }
}

function withoutAbsent<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never
}
