import { execFile } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const longestMs = 2000
/** The lowest of real time: it comes before every ordinary thread, and after what the system has put there itself. */
const priority = '1'

/**
 * Has a thread of this process run as soon as it has something to do, before all ordinary threads (`chrt`, SCHED_FIFO; what it
 * starts is ordinary again). Linux only, for root or with an `rtprio` limit; `false` where it was not allowed.
 */
export async function runFirst(threadId: number): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const args = ['--fifo', '--reset-on-fork', '--pid', priority, String(threadId)]
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
