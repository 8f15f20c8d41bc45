import { EngineFailure } from '../domain/backend.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import type { Windows } from './protocol.ts'

type Scored = Pick<RequestTimeline, 'outcome' | 'promptTokens' | 'nll' | 'base'>

/** What came of a window: its scores, or why there are none, an interruption among that. */
export async function scoreOf(windows: Windows, job: number, signal: AbortSignal): Promise<Scored> {
  try {
    return { ...(await windows.score(job, signal)), outcome: { status: 'ok', finish: 'length' } }
  } catch (error) {
    if (signal.aborted) return { outcome: { status: 'failed', reason: 'stopped', detail: 'stopped before its end' } }
    if (!(error instanceof EngineFailure)) throw error
    return { outcome: { status: 'failed', reason: error.reason, detail: error.message } }
  }
}
