import type { Engine } from '../domain/backend.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { ClientHealth, Precedence, ServerCounters } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { ClientWatch } from '../telemetry/client-watch.ts'
import { runTrial, type TrialContext, type TrialResult } from './run-trial.ts'

export type WatchedResult = TrialResult & {
  /** Where the measured part was reached. */
  client?: ClientHealth
  /** Where the server has any. */
  counters?: ServerCounters
}

/** `precedence`: what this process has of it. */
export type WatchedContext = TrialContext & { precedence?: Precedence }

/** Runs a trial against a server, and watches meanwhile how this process, its client, does. */
export async function watchedTrial(trial: TrialSpec, context: WatchedContext): Promise<WatchedResult> {
  const { engine } = context
  let watch: ClientWatch | undefined
  const watched: Engine = {
    facts: engine.facts,
    prepare: (spec) => engine.prepare(spec),
    send(...request) {
      const send = () => engine.send(...request)
      return watch?.around(send) ?? send()
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
  const onRequest = (index: number, timeline: RequestTimeline) => {
    watch?.request(timeline)
    context.onRequest(index, timeline)
  }
  const onMeasured = () => {
    context.onMeasured?.()
    watch = new ClientWatch(context.precedence)
  }
  const result = await runTrial(trial, { ...context, engine: watched, onRequest, onMeasured })
  const client = watch?.end()
  return { ...result, ...(client && { client }) }
}
