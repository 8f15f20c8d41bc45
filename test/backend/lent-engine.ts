import type { Engine } from '../../lib/domain/backend.ts'
import type { Ns } from '../../lib/domain/timeline.ts'

/** An engine that others use after this one: what ends does not end it, and its times count from an origin that is `laterNs` before its own. */
export function lentEngine(engine: Engine, laterNs: Ns): Engine {
  const later = Math.round(laterNs / 1000)
  return {
    facts: engine.facts,
    prepare: (trial) => engine.prepare(trial),
    async send(...request) {
      const timeline = await engine.send(...request)
      const { scheduledUs, sentUs } = timeline
      return { ...timeline, scheduledUs: scheduledUs + later, sentUs: sentUs + later }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
