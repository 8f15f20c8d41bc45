import { DiskFullError } from '../domain/disk-full.ts'
import type { RunEvent } from './run-event.ts'

export type WaitOptions = {
  /** Aborted: it is waited no longer. */
  soft: AbortSignal
  wait: (ms: number) => Promise<void>
  onEvent: (event: RunEvent) => void
}

/** The user interrupted the run where nothing could go on. */
export class InterruptedWait extends Error {
  override readonly name = 'InterruptedWait'
}

/** It is looked every few seconds whether there is room, and more often whether the user has had enough. */
const looksEveryMs = 3000
const stepMs = 250

/**
 * Does work, and where a disk is full does it again when there may be room: work that failed for want of room has done nothing.
 * Tells of the wait once. Throws `InterruptedWait` where the user interrupts it; any other error is thrown as it is.
 */
export async function waitForRoom<T>(work: () => T | Promise<T>, options: WaitOptions): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      const done = await work()
      if (told) options.onEvent({ kind: 'waited', for: 'disk' })
      return done
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
      if (!told) options.onEvent({ kind: 'waiting', for: 'disk', detail: diskFullText(error) })
      await pause(options)
    }
  }
}

async function pause({ soft, wait }: WaitOptions): Promise<void> {
  for (let waitedMs = 0; waitedMs < looksEveryMs; waitedMs += stepMs) {
    if (soft.aborted) throw new InterruptedWait('interrupted while the disk was full')
    await wait(stepMs)
  }
}

/** `disk full at /lab/data/benchbook.db: waiting, free some space (needs about 1.0 MB)`. */
export function diskFullText({ place, needsBytes }: { place: string; needsBytes?: number }): string {
  const needs = needsBytes === undefined ? '' : ` (needs about ${(needsBytes / 1e6).toFixed(1)} MB)`
  return `disk full at ${place}: waiting, free some space${needs}`
}
