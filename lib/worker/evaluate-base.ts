import { type Backend, type BackendContext, EngineFailure, type Prepared } from '../domain/backend.ts'
import { byteText } from '../domain/byte-text.ts'
import type { BaseArtifact } from '../domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import { tellsLikeliest } from '../domain/protocol-limits.ts'
import type { TrialEnd } from '../domain/record.ts'

export type EvaluateContext = BackendContext & {
  backend: Backend
  /** Where what the base says is written. */
  folder: string
  /** What is free there. */
  freeBytes: () => Promise<number>
}

const float32Bytes = 4
/** Left for all else that is written meanwhile. */
const usableShare = 0.9

/**
 * Starts a launch's engine with the base of one of its trials in place of the model, has it score the windows of the trial's text, and
 * writes what it says of each token for the model to be held against. Resolves with why it could not, where it could not.
 */
export async function evaluateBase(launch: LaunchSpec, trial: TrialSpec, context: EvaluateContext): Promise<TrialEnd> {
  const { backend, folder, freeBytes, ...around } = context
  const { source, artifact } = trial.base as BaseArtifact
  try {
    await using engine = await backend.start({ ...launch, source, artifact, trials: [trial] }, around)
    const load = { kind: 'closed', clients: 1, requests: 1 } as const
    const asked: TrialSpec = { ...trial, load, scoring: { folder, as: 'written' } }
    const prepared = await engine.prepare(asked)
    assertRoom(bytesOf(prepared, launch, trial), await freeBytes(), prepared.jobs.length)
    const { signal } = new AbortController() // its process is ended where it has to stop
    for (const job of prepared.jobs.keys()) {
      const request = { trial: asked, index: job, job, phase: 'measured' as const, client: 0, scheduled: around.now() }
      const { outcome } = await engine.send(request, () => {}, signal)
      if (outcome.status === 'failed') return ofBase(outcome)
    }
    return { status: 'ok' }
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return ofBase({ reason: error.reason, detail: error.message })
  }
}

/** Names what failed: the model itself may be well. */
export const ofBase = ({ reason, detail }: Omit<Extract<TrialEnd, { status: 'failed' }>, 'status'>): TrialEnd => ({
  status: 'failed',
  reason,
  detail: `its base: ${detail}`,
})

/** Half a window of rows of the whole vocabulary, of each window; an engine that tells its likeliest tokens only takes less. */
function bytesOf({ jobs }: Prepared, { backend }: LaunchSpec, { workload, base }: TrialSpec): number {
  const vocabulary = base?.artifact.description?.vocabulary ?? 0
  if (workload.kind !== 'perplexity' || tellsLikeliest(backend.kind)) return 0
  return (jobs.length * workload.context * vocabulary * float32Bytes) / 2
}

function assertRoom(needed: number, free: number, windows: number): void {
  if (needed <= usableShare * free) return
  const fit = Math.floor((windows * usableShare * free) / needed)
  throw new EngineFailure(
    'request-refused',
    `what it says of ${windows} windows takes ${byteText(needed)} beside the store, where ${byteText(free)} are free: ${fit > 0 ? `set workload.chunks to ${fit} at most, or make room` : 'make room'}`,
  )
}
