import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '../shell/process-id.ts'

/** Removes drafts of a file (`<file>.<process>.<id>.tmp`) whose writers were killed: large, and of no use to anyone. */
export async function dropAbandonedDrafts(path: string): Promise<void> {
  const folder = dirname(path)
  for (const name of await readdir(folder)) {
    const [pid, , ending] = name.startsWith(`${basename(path)}.`)
      ? name.slice(basename(path).length + 1).split('.')
      : []
    if (ending === 'tmp' && !isAlive({ pid: Number(pid) })) await rm(join(folder, name), { force: true })
  }
}
