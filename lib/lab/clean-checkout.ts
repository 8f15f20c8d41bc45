import { relative } from 'node:path'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { runCommand } from '../shell/run-command.ts'

const mostNamed = 5

/**
 * Throws a `UserError` where the lab is a git checkout with changes that are not committed, new files included. What a run itself
 * writes is none: the store with what lies beside it, and the reports. A lab that is no checkout is clean.
 */
export async function requireClean(labRoot: string, storeFile: string): Promise<void> {
  const top = await runCommand(['git', '-C', labRoot, 'rev-parse', '--show-toplevel'])
  if (top.code !== 0) return
  const status = await runCommand(['git', '-C', labRoot, 'status', '--porcelain', '--untracked-files=all', '--', '.'])
  const written = [relative(top.stdout, storeFile), 'reports/out/']
  const changed = status.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(3))
    .filter((path) => !written.some((start) => path.startsWith(start)))
  if (status.code === 0 && changed.length === 0) return
  const more = changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : ''
  const named = changed.slice(0, mostNamed).map(plain).join(', ')
  throw new UserError(
    `--require-clean: ${plain(labRoot)} has uncommitted changes (${named}${more}): commit them, or leave out --require-clean`,
    exitCodes.unavailable,
  )
}
