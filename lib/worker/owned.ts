import { rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LaunchSpec } from '../domain/launch.ts'
import { isAlive } from '../shell/process-id.ts'

const lookEveryMs = 250

/**
 * Watches the process that a launch is measured for, where nobody else would collect it: once that has gone, `onGone` is called.
 * When this is disposed by then, the spool is removed, and the folders above it where they hold nothing else.
 */
export function watchOwner(spool: string, owner: LaunchSpec['owner'], onGone: () => void): Disposable {
  if (owner === undefined) return { [Symbol.dispose]: () => {} }
  let gone = false
  const look = () => {
    if (gone || isAlive(owner)) return
    gone = true
    onGone()
  }
  const timer = setInterval(look, lookEveryMs)
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      if (!isAlive(owner)) removeSpool(spool)
    },
  }
}

function removeSpool(spool: string): void {
  rmSync(spool, { recursive: true, force: true })
  for (const folder of [dirname(spool), dirname(dirname(spool))])
    try {
      rmdirSync(folder)
    } catch {
      return // it holds something else, or another was first
    }
}
