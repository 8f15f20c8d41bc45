import { inspect } from 'node:util'
import { UserError } from '../domain/user-error.ts'

/** What a notebook is told of a user's mistake: the message, without the stack that would be printed under the cell. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError'

  constructor(message: string) {
    super(message)
    // What tslab prints of an error; not a method, whose declaration would need the types of Node.
    Object.defineProperty(this, inspect.custom, { value: () => message })
  }
}

/** Does work whose `UserError`s are told in a notebook. */
export function told<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw forNotebook(error)
  }
}

/** The same for work that takes time. */
export async function toldLater<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw forNotebook(error)
  }
}

/** What a command line goes on with, and a cell. */
const inCells = [
  ['go on with --resume', 'go on with resume()'],
  ['go on with --accept-setup', 'go on with resume(id, { acceptSetup: true })'],
] as const

function forNotebook(error: unknown): unknown {
  if (!(error instanceof UserError)) return error
  return new NotebookError(inCells.reduce((text, [option, code]) => text.replace(option, code), error.message))
}
