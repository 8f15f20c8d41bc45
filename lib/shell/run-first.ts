import { execFile } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const longestMs = 2000
/** The lowest of real time: they come before every ordinary thread, and after what the system has put there itself. */
const priorities = { helpers: '1', first: '2' }

/**
 * Has a thread of this process run as soon as it has something to do, before all ordinary threads (`chrt`, SCHED_FIFO; what it
 * starts is ordinary again). Linux only, for root or with an `rtprio` limit; `false` where it was not allowed.
 */
export function runFirst(threadId: number): Promise<boolean> {
  return chrt(['--pid', priorities.first, String(threadId)])
}

/**
 * Has all threads that this process has run before all ordinary ones, and after those that run first. A thread that waits for one of
 * them, as that of JavaScript does at times for those that compile for it, is held up by an ordinary one for as long as
 * other programs keep the cores busy.
 */
export function runBeforeOthers(): Promise<boolean> {
  return chrt(['--all-tasks', '--pid', priorities.helpers, String(process.pid)])
}

async function chrt(which: readonly string[]): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const args = ['--fifo', '--reset-on-fork', ...which]
  return promisify(execFile)('chrt', args, { timeout: longestMs }).then(
    () => true,
    () => false,
  )
}

const wakeLatency = '/dev/cpu_dma_latency'

/**
 * Has the kernel's idle cores wait for work awake until this process ends (its interface for what needs quick wake-ups; Linux
 * only, for root); `false` where it was not allowed.
 */
export function keepCoresAwake(): boolean {
  if (process.platform !== 'linux') return false
  try {
    writeSync(openSync(wakeLatency, 'w'), Buffer.alloc(4)) // an int32 of 0 us; it counts as long as the file is open
    return true
  } catch {
    return false
  }
}
