import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PublishedClaim, PublishedPost, PublishedTable } from '../domain/published.ts'
import { nearest } from '../domain/nearest.ts'
import { checkDocument } from '../parse/check-value.ts'
import { parseCsv } from '../parse/csv.ts'
import { orThrow, type Problem, problemsError } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { parseYaml, maxDocumentBytes, type SourceDocument } from '../parse/yaml-document.ts'
import { figureProblems } from './figure-problems.ts'
import { postSchema, type PostFile } from './post-schema.ts'
import { publishedTable } from './published-table.ts'
import { withoutAbsent } from './without-absent.ts'
import { UserError } from '../domain/user-error.ts'

type Roots = { labRoot: string; packageRoot: string }

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
  await refuseOutside({ file, path: join(folder, 'post.yaml') }, folder)
  const document = orThrow(
    parseYaml(orThrow(await readSource({ file, path: join(folder, 'post.yaml'), maxBytes: maxDocumentBytes }))),
  )
  const checked = orThrow(checkDocument(postSchema, document))
  const tables = await Promise.all(
    Object.entries(checked.tables).map(async ([name, table]) => {
      const place = { file: `data/published/${post}/${table.file}`, path: join(folder, table.file) }
      await refuseOutside(place, folder)
      const csv = orThrow(parseCsv(orThrow(await readSource({ ...place, maxBytes: maxDocumentBytes }))))
      return publishedTable({ name, table, csv, document, file: place.file })
    }),
  )
  const read = tables.map(({ value }) => value)
  const { claims, problems } = claimsOf(checked, read, document)
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

function claimsOf({ claims, slips }: PostFile, tables: readonly PublishedTable[], document: SourceDocument) {
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
    if (!Object.hasOwn(claims, of) && !isCell(of, tables))
      problems.push({
        place: document.place(['slips', index, 'of'], 'value'),
        message: `${of} is no claim and no cell (table/row/column)`,
      })
  return { claims: told, problems }
}

function isCell(of: string, tables: readonly PublishedTable[]): boolean {
  const [name, row, column] = of.split('/')
  const table = tables.find((each) => each.name === name)
  const key = table?.columns.find(({ role }) => role === 'key')?.name
  if (table === undefined || key === undefined || !table.columns.some((each) => each.name === column)) return false
  return table.rows.some(({ cells }) => cells[key] === row)
}

/** A post's tables are its own: a link that leads out of its folder is refused before anything of it is read. */
async function refuseOutside({ file, path }: { file: string; path: string }, folder: string): Promise<void> {
  const real = await realpath(path).catch(() => undefined) // what is not there its reader tells
  if (real === undefined || dirname(real) === (await realpath(folder))) return
  throw problemsError([
    { place: { file }, message: 'is a link that leads out of the folder of its post: put the file there' },
  ])
}
