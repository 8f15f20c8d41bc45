import type { EmulatedRequest } from '../domain/emulation.ts'
import type { RequestTimeline } from '../domain/timeline.ts'

/**
 * By how much each time between two content events differs from the time between the writes that brought them, in milliseconds.
 * A response is known by its text, which no two have alike; one of which events and writes are not as many says nothing.
 */
export function gapErrorsMs(seen: readonly RequestTimeline[], written: readonly EmulatedRequest[]): number[] {
  const byText = new Map(written.map((request) => [request.text, request]))
  return seen.flatMap(({ output = '', events }) => {
    const writes = byText.get(output)?.writes
    if (writes === undefined || events === undefined) return []
    const atMs = writes.atNs.filter((_, i) => (writes.tokens[i] as number) > 0).map((ns) => ns / 1e6)
    if (atMs.length !== events.deltasUs.length) return []
    return atMs.slice(1).map((at, i) => {
      const gapMs = at - (atMs[i] as number)
      return Math.abs((events.deltasUs[i + 1] as number) / 1000 - gapMs)
    })
  })
}
