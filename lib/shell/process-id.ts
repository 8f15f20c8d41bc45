import { readFileSync } from 'node:fs'

export type ProcessId = {
  pid: number
  /** When it started, in ticks since boot: with it a process number that was used again is recognised. */
  startTicks?: string
}

/** This process. */
export function ownProcessId(): ProcessId {
  const startTicks = statFields(process.pid)?.[19]
  return { pid: process.pid, ...(startTicks !== undefined && { startTicks }) }
}

/** Whether this very process still runs: not a zombie, and not another one that was given its number. */
export function isAlive({ pid, startTicks }: ProcessId): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const fields = statFields(pid)
  if (fields === undefined) return true
  return fields[0] !== 'Z' && (startTicks === undefined || fields[19] === startTicks)
}

/** What `/proc/PID/stat` says after the program's name; `undefined` where there is no /proc. */
function statFields(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
  } catch {
    return undefined
  }
}
