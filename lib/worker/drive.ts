import { type Backend, type Engine, EngineFailure } from '../domain/backend.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'
import { ClientWatch } from '../telemetry/client-watch.ts'
import type { DriverMessage, DriverOutcome } from './messages.ts'
import { runTrial, type TrialContext, type TrialResult } from './run-trial.ts'

export type DriveContext = {
  backend: Backend
  now: () => Ns
  sleepUntil: TrialContext['sleepUntil']
  origin: Ns
  log: (line: string) => void
  post: (message: DriverMessage) => void
  /** Resolves when the worker has read the memory of the engine. */
  acknowledged: () => Promise<void>
  /** Frees what the trial before has left in this process, so that it does not count as the next one's memory. */
  collectGarbage: () => void
  /** Aborted: stop at once. */
  stopNow: AbortSignal
  /** Aborted: finish the trial that runs. */
  stopAfterTrial: AbortSignal
}

/** Starts the engine, measures the trials one after the other, stops the engine; says how it ended. */
export async function driveLaunch(launch: LaunchSpec, context: DriveContext): Promise<DriverOutcome> {
  try {
    const { backend, now, origin, log, post } = context
    const startedAt = now()
    await using engine = await backend.start(launch, { now, origin, log })
    post({ kind: 'loaded', loadMs: (now() - startedAt) / 1e6, engine: engine.facts })
    return await driveTrials(launch, engine, context)
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return { status: 'failed', reason: error.reason, detail: error.message }
  }
}

async function driveTrials(
  { trials, backend }: LaunchSpec,
  engine: Engine,
  context: DriveContext,
): Promise<DriverOutcome> {
  for (const trial of trials) {
    if (context.stopNow.aborted || context.stopAfterTrial.aborted) return { status: 'stopped' }
    const { end, engine: state } = await driveTrial(trial, engine, { ...context, isWire: backend.kind !== 'llama.cpp' })
    if (context.stopNow.aborted) return { status: 'stopped' }
    if (state === 'stuck' && end.status === 'failed') return end
  }
  return { status: 'ok' }
}

/** `isWire`: the client is watched, which cannot be told apart from an engine in its process. */
type WatchContext = DriveContext & { isWire: boolean }

async function driveTrial(trial: TrialSpec, engine: Engine, context: WatchContext): Promise<TrialResult> {
  const { now, origin, post, sleepUntil, acknowledged, stopNow: signal } = context
  const { trialId } = trial
  const atUs = () => Math.round((now() - origin) / 1000)
  context.collectGarbage()
  post({ kind: 'trial-started', trialId, atUs: atUs() })
  await acknowledged()
  const watching: ClientWatch[] = []
  const onMeasured = () => void (context.isWire && watching.push(new ClientWatch()))
  const onRequest = (index: number, timeline: RequestTimeline) => {
    watching[0]?.request(timeline)
    post({ kind: 'request', trialId, index, timeline })
  }
  const watched: Engine = {
    facts: engine.facts,
    prepare: (spec) => engine.prepare(spec),
    send(...request) {
      const send = () => engine.send(...request)
      return watching[0]?.around(send) ?? send()
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
  const result = await runTrial(trial, { engine: watched, now, origin, sleepUntil, onRequest, onMeasured, signal })
  const client = watching[0]?.end()
  // A trial that its user stopped has not ended: it is measured again.
  if (!signal.aborted) post({ kind: 'trial-ended', trialId, atUs: atUs(), end: result.end, ...(client && { client }) })
  if (!signal.aborted) await acknowledged()
  return result
}
