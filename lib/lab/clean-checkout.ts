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
  // Where the lab lies in the checkout, as git writes paths; empty at its top.
  const { code, stdout: prefix } = await runCommand(['git', '-C', labRoot, 'rev-parse', '--show-prefix'])
  if (code !== 0) return
  const asked = ['--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.']
  const status = await runCommand(['git', '-C', labRoot, 'status', ...asked])
  const written = [relative(labRoot, storeFile), 'reports/out/']
  const changed = status.stdout
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice('XY '.length + prefix.length))
    .filter((path) => !written.some((start) => path.startsWith(start)))
  if (status.code === 0 && changed.length === 0) return
  const more = changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : ''
  const named = changed.slice(0, mostNamed).map(plain).join(', ')
  throw new UserError(
    `--require-clean: ${plain(labRoot)} has uncommitted changes (${named}${more}): commit them, or leave out --require-clean`,
    exitCodes.unavailable,
  )
}
