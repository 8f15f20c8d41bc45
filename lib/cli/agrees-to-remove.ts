import { UserError } from '../domain/user-error.ts'
import type { Io } from './io.ts'

/** Whether `what` may go: `--yes` says so, else the user is asked. Throws a `UserError` where nobody can be asked. */
export async function agreesToRemove(what: string, { yes }: { yes?: true }, io: Io): Promise<boolean> {
  if (yes) return true
  if (io.confirm === undefined) throw new UserError(`would remove ${what}: say --yes where nobody can be asked`)
  return io.confirm(`remove ${what}?`)
}
