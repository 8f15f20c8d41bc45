import { type Backend, type Engine, EngineFailure } from '../domain/backend.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import type { BaseRun } from './base-runs.ts'
import type { DriverMessage, DriverOutcome } from './messages.ts'
import { preflight } from './preflight.ts'
import { Sender, type SenderContext } from './sender.ts'
import type { WatchedResult } from './watched-trial.ts'
import { endOf, isBroken, whyLost } from './why-lost.ts'

export type DriveContext = SenderContext & {
  backend: Backend
  /** Where what a started engine prints goes, absolute; absent: nowhere. */
  engineLog?: string
  /** What an engine in processes of its own is marked with. */
  mark?: string
  /** As `BackendContext` has it. */
  handicap?: number
  /** By trial: what came of the base that it is held against. */
  bases?: ReadonlyMap<number, BaseRun>
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
    const { backend, now, origin, log, engineLog, mark, handicap, post } = context
    const startedAt = now()
    await using engine = await backend.start(launch, {
      now,
      origin,
      log,
      ...(engineLog !== undefined && { engineLog }),
      ...(mark !== undefined && { mark }),
      ...(handicap !== undefined && { handicap }),
    })
    const loadMs = (now() - startedAt) / 1e6
    post({ kind: 'loaded', loadMs, engine: engine.facts, ...(engine.pid !== undefined && { pid: engine.pid }) })
    await preflight(launch, engine, { now, signal: context.stopNow }).catch(async (error: unknown) => {
      throw (await whyLost(engine)) ?? error
    })
    return await driveTrials(launch, engine, context)
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return { status: 'failed', reason: error.reason, detail: error.message }
  }
}

async function driveTrials(launch: LaunchSpec, engine: Engine, context: DriveContext): Promise<DriverOutcome> {
  using sender = new Sender(launch, engine, context)
  for (const trial of launch.trials) {
    if (context.stopNow.aborted || context.stopAfterTrial.aborted) return { status: 'stopped' }
    const { end, engine: state } = await driveTrial(trial, { sender, engine, context })
    if (context.stopNow.aborted) return { status: 'stopped' }
    if (state === 'stuck' && end.status === 'failed') return end
  }
  return { status: 'ok' }
}

type Driving = { sender: Sender; engine: Engine; context: DriveContext }

async function driveTrial(trial: TrialSpec, { sender, engine, context }: Driving): Promise<WatchedResult> {
  const { now, origin, post, acknowledged, stopNow } = context
  const { trialId } = trial
  const atUs = () => Math.round((now() - origin) / 1000)
  context.collectGarbage()
  post({ kind: 'trial-started', trialId, atUs: atUs() })
  await acknowledged()
  let isCut = false
  const onRequest = (index: number, timeline: RequestTimeline) => {
    isCut ||= isBroken(timeline)
    post({ kind: 'request', trialId, index, timeline })
  }
  const signal = engine.lost ? AbortSignal.any([stopNow, engine.lost]) : stopNow
  const base = context.bases?.get(trialId)
  const ran: WatchedResult =
    base?.status === 'failed'
      ? { end: base, engine: 'usable' }
      : await sender.run({ ...trial, ...(base && { scoring: base.scoring }) }, { onRequest, signal })
  const lost = isCut || engine.lost?.aborted ? await whyLost(engine) : undefined
  const result = lost && !stopNow.aborted ? { ...ran, end: endOf(lost), engine: 'stuck' as const } : ran
  const { client, counters, end } = result
  // A trial that its user stopped has not ended: it is measured again.
  const beside = { ...(client && { client }), ...(counters && { counters }) }
  if (!stopNow.aborted) post({ kind: 'trial-ended', trialId, atUs: atUs(), end, ...beside })
  if (!stopNow.aborted) await acknowledged()
  return result
}
