import { resolve, sep } from 'node:path'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'

/** Where a spool of a store is. Throws a `UserError` for one that lies outside of `spools`: no runner has put it there. */
export function spoolFolder(spools: string, spool: string): string {
  const folder = resolve(spools, spool)
  if (folder.startsWith(resolve(spools) + sep)) return folder
  throw new UserError(
    `a launch has its spool at ${plain(spool)}, outside of ${plain(spools)}: no run wrote that, so take a store that you trust`,
    exitCodes.unavailable,
  )
}
