import { resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { writtenMark } from '../report/post-markdown.ts'
import { startOfFile } from './start-of-file.ts'

const within = 1000

/**
 * Throws a `UserError` where a post would take the place of Markdown that somebody has written, such as the prose that it is made of. One
 * that `report` wrote says so in its head, and is written anew.
 */
export async function refuseForeign(path: string, cwd: string): Promise<void> {
  if (!path.endsWith('.md')) return
  // What cannot be read is told by whoever writes it then.
  const start = await startOfFile(resolve(cwd, path), within)
  if (start === '' || new RegExp(`^---\\n# ${writtenMark} `).test(start)) return
  throw new UserError(`${plain(path)} is there, and was not written by benchbook report: name another file with -o`)
}
