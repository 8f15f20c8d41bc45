import { DiskFullError, isDiskFull } from '../domain/disk-full.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'your disk quota is used up: free some space',
  EFBIG: 'the file system does not take files of this size: choose another folder',
  EROFS: 'the file system is read-only: run in a lab that can be written to',
  EACCES: 'you may not write there: change the permissions, or run in another lab',
  EPERM: 'you may not write there: change the permissions, or run in another lab',
  ENOENT: 'no folder can be made there: run in another lab',
  EISDIR: 'a folder has its name: move it away',
  ENOTDIR: 'a part of the path is a file: move it away',
  EEXIST: 'a part of the path is a file: move it away',
}

/** What an error of writing a model file means for its user; any other error as it is. `what` names the file. */
export function writeProblem(error: unknown, what: string): unknown {
  const reason = reasons[(error as { code?: string }).code ?? '']
  if (reason === undefined) return error
  const message = `cannot write ${what}: ${reason}`
  const exitCode = exitCodes.unavailable
  return isDiskFull(error)
    ? new DiskFullError(message, { place: what, exitCode, cause: error })
    : new UserError(message, exitCode, { cause: error })
}
