import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { plain } from '../domain/plain.ts'
import { quoted } from '../domain/quoted.ts'
import { orThrow } from '../parse/problem.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { userCache } from './expand-file.ts'
import { findLab, type Place } from './lab.ts'

/** A hook that this user has not agreed to yet: what it does, in a line, and what keeps that they have. */
export type UnknownHook = { does: string; agree: () => void }

/** The finish hook of a lab's settings, where nobody has agreed to it in this place; `undefined` where there is nothing to ask. */
export function unknownHook(place: Place): UnknownHook | undefined {
  const finish = place.settings && orThrow(place.settings).finish
  if (finish === undefined) return undefined
  const { root } = findLab(place.cwd)
  const mark = createHash('sha256')
    .update(JSON.stringify([root, finish]))
    .digest('hex')
  const file = join(userCache(place), 'known-hooks')
  if (existsSync(file) && readFileSync(file, 'utf8').split('\n').includes(mark)) return undefined
  const does =
    'command' in finish
      ? `finish in data/lab.yaml runs ${plain(finish.command.map(quoted).join(' '))}`
      : `finish in data/lab.yaml sends the end of runs to ${plain(finish.webhook)}`
  return { does, agree: () => keep(file, mark) }
}

/** What cannot be kept is asked again. */
function keep(file: string, mark: string): void {
  try {
    makeFolder(dirname(file))
    writeFileSync(file, `${mark}\n`, { flag: 'a' })
  } catch {
    // told by nothing: see above
  }
}
