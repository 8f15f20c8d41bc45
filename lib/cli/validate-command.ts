import type { ClaimOutcome } from '../domain/published.ts'
import { plain } from '../domain/plain.ts'
import { eachFile, throwIfAny } from './each-file.ts'
import { type ExpandOptions, expandFile } from '../lab/expand-file.ts'
import { type CheckedPost, checkedPost } from '../lab/publish-post.ts'
import { compareNotes } from '../experiment/freeze-compare.ts'
import { fileNotes } from '../experiment/plan-notes.ts'
import { count, notesText } from './plan-command.ts'
import { warnOfKeys } from './warn-of-keys.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

/** Checks every file and tells of all that is wrong with any. */
export async function validate(
  files: readonly string[],
  options: ExpandOptions & CommonOptions,
  io: Io,
): Promise<void> {
  const { done: valid, wrong } = await eachFile(files, async (file): Promise<Valid> => {
    const checked = await checkedPost(file, io)
    if (checked !== undefined) return { file, ...countsOf(checked) }
    const { cells, skipped, objectives, compare } = await expandFile(file, options, io)
    warnOfKeys(cells, io)
    const notes = [...fileNotes(cells, objectives), ...compareNotes(compare, cells, objectives)]
    return { file, cells: cells.length, skipped: skipped.length, ...(notes.length > 0 && { notes }) }
  })
  if (options.json) printJson(io, { valid, errors: wrong.map(({ message }) => message) })
  else for (const each of valid) io.stdout(`${plain(each.file)}: ok, ${validText(each)}`)
  throwIfAny(wrong)
}

type Valid = { file: string } & (
  | { cells: number; skipped: number; notes?: readonly string[] }
  | ({ published: string; tables: number } & Record<ClaimOutcome['status'], number>)
)

function countsOf({ post, claims }: CheckedPost) {
  const of = (status: ClaimOutcome['status']) => claims.filter(({ outcome }) => outcome.status === status).length
  const counts = { reproduced: of('reproduced'), differs: of('differs'), untestable: of('untestable') }
  return { published: post.name, tables: post.tables.length, ...counts }
}

function validText(valid: Valid): string {
  if ('published' in valid) {
    const { tables, reproduced, differs, untestable } = valid
    const told = [`${reproduced} reproduced`, `${differs} differ`, `${untestable} cannot be tested`]
    return `${count(tables, 'published table')}, ${count(reproduced + differs + untestable, 'claim')}: ${told.join(', ')}\n`
  }
  const { cells, skipped, notes = [] } = valid
  return `${count(cells, 'cell')}${skipped > 0 ? `, ${skipped} excluded` : ''}\n${notesText(notes)}`
}
