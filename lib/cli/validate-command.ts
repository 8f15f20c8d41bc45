import { plain } from '../domain/plain.ts'
import { eachFile, throwIfAny } from './each-file.ts'
import { type ExpandOptions, expandFile } from '../lab/expand-file.ts'
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
  const { done: valid, wrong } = await eachFile(files, async (file) => {
    const { cells, skipped, objectives } = await expandFile(file, options, io)
    warnOfKeys(cells, io)
    const notes = fileNotes(cells, objectives)
    return { file, cells: cells.length, skipped: skipped.length, ...(notes.length > 0 && { notes }) }
  })
  if (options.json) printJson(io, { valid, errors: wrong.map(({ message }) => message) })
  else
    for (const { file, cells, skipped, notes = [] } of valid)
      io.stdout(
        `${plain(file)}: ok, ${count(cells, 'cell')}${skipped > 0 ? `, ${skipped} excluded` : ''}\n${notesText(notes)}`,
      )
  throwIfAny(wrong)
}
