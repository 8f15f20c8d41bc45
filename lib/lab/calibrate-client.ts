import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Calibration } from '../domain/record.ts'
import { thousands } from '../domain/thousands.ts'
import { runCommand } from '../shell/run-command.ts'
import { clientFlags } from '../worker/driver-flags.ts'

const longestMs = 30_000

/**
 * Measures what the client of servers adds by itself on this machine, in some four seconds and in a process of its own like the
 * one that measures. `undefined` where it cannot, such as without a loopback.
 */
export async function calibrateClient(signal?: AbortSignal): Promise<Calibration | undefined> {
  if (signal?.aborted) return undefined
  const main = fileURLToPath(new URL(`../worker/calibrate-main${extname(import.meta.url)}`, import.meta.url))
  const { code, stdout } = await runCommand([process.execPath, ...clientFlags, main], {
    timeoutMs: longestMs,
    ...(signal && { signal }),
  })
  if (code !== 0) return undefined
  try {
    return JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '') as Calibration
  } catch {
    return undefined
  }
}

// More digits would not come out again.
const ms = (value: number) => `${Number(value.toPrecision(2))} ms`

/** `adds 0.12 ms at p99 to TTFT, ...` */
export function calibrationWords(calibration: Calibration): string {
  const { ttftMs, gapErrorMs, sendLagMs, eventsPerSecond, precedence } = calibration
  const first = precedence?.realTime === true ? '; it runs before ordinary programs' : ''
  return `adds ${ms(ttftMs.p99)} to TTFT and ${ms(gapErrorMs.p99)} to a gap between events, sends ${ms(sendLagMs.p99)} late (each at p99), takes ${thousands(Number(eventsPerSecond.toPrecision(2)))} events/s in one process${first}`
}
