import { type ExitCode, exitCodes, UserError } from './user-error.ts'

/** What the system and SQLite call a disk, or a share of one, that takes no more. */
const codes = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL']

/** Whether something failed for want of room. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

type Full = {
  /** Where there is no room. */
  place: string
  /** About how much is needed, where `place` does not say so. */
  needsBytes?: number
  exitCode?: ExitCode
  cause: unknown
}

/** No room is left: to be waited out by what can wait; for the others a message as every `UserError`. */
export class DiskFullError extends UserError {
  readonly place: string
  readonly needsBytes?: number

  constructor(message: string, { place, needsBytes, exitCode = exitCodes.usage, cause }: Full) {
    super(message, exitCode, { cause })
    this.place = place
    if (needsBytes !== undefined) this.needsBytes = needsBytes
  }
}
