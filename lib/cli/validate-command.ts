import { UserError } from '../domain/user-error.ts'
import { type ExpandOptions, expandFile } from './expand-file.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

/** Checks every file and tells of all that is wrong with any. */
export async function validate(
  files: readonly string[],
  options: ExpandOptions & CommonOptions,
  io: Io,
): Promise<void> {
  const wrong: UserError[] = []
  const good: { file: string; cells: number; skipped: number }[] = []
  for (const file of files) {
    try {
      const { cells, skipped } = await expandFile(file, options, io)
      good.push({ file, cells: cells.length, skipped: skipped.length })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      wrong.push(error)
    }
  }
  if (options.json) printJson(io, { valid: good, errors: wrong.map(({ message }) => message) })
  else
    for (const { file, cells, skipped } of good)
      io.stdout(`${file}: ok, ${cells} cells${skipped > 0 ? `, ${skipped} excluded` : ''}\n`)
  if (wrong.length > 0) throw new UserError(wrong.map(({ message }) => message).join('\n'))
}
