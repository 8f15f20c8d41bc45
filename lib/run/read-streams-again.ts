import { isDeepStrictEqual } from 'node:util'
import type { CellConfig } from '../domain/cell.ts'
import type { RecordedStream, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { replaceRequest } from '../store/insert-request.ts'
import { readPlan } from '../store/read-plan.ts'
import { readStreams } from '../store/read-streams.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'

/** Reads an answer's bytes; how it ended is absent where that is not in them. */
export type ReadStream = (
  stream: RecordedStream,
  maxTokens: number,
  config: CellConfig,
) => { told: Partial<RequestTimeline>; outcome?: RequestOutcome }

/** Answers whose bytes were kept, and those of them that are read otherwise now than when they came. */
export type StreamsRead = { streams: number; changed: number }

/** What the bytes say: everything else of a timeline stays, the tokens that a tokenizer counted among it. */
const ofBytes = ['firstChunkUs', 'emptyChunksUs', 'promptTokens', 'cachedTokens', 'events', 'output', 'engine'] as const
const counts = ['outputTokens', 'tokensFrom'] as const

/**
 * Reads the kept bytes of a plan's answers again, and writes what they say in place of what was read when they came: what is
 * derived afterwards needs no server. Killed and begun again it goes on.
 */
export function readStreamsAgain(store: Store, planId: string, read: ReadStream): StreamsRead {
  const configs = new Map(readPlan(store, planId).cells.map(({ id, config }) => [id, config]))
  const found: StreamsRead = { streams: 0, changed: 0 }
  for (const trial of readTrials(store, planId)) {
    const streams = readStreams(store, trial.id)
    if (streams.size === 0) continue
    const config = configs.get(trial.cellId) as CellConfig
    store.write(() => {
      for (const { id, timeline } of readTrialDetail(store, trial.id).requests) {
        const stream = streams.get(id)
        if (stream === undefined) continue
        found.streams += 1
        const now = retold(timeline, read(stream, maxTokensOf(config, timeline.promptId), config))
        if (isDeepStrictEqual(now, timeline)) continue
        found.changed += 1
        replaceRequest(store, id, now)
      }
    })
  }
  return found
}

function retold(before: RequestTimeline, { told, outcome }: ReturnType<ReadStream>): RequestTimeline {
  const dropped: readonly string[] = before.tokensFrom === 'tokenizer' ? ofBytes : [...ofBytes, ...counts]
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !dropped.includes(key)))
  // What ended a request is not always in its bytes: a limit, its user, a connection that broke.
  const ended = before.outcome.status === 'ok' || outcome?.status === 'ok' ? outcome : undefined
  return { ...(kept as RequestTimeline), ...told, outcome: ended ?? before.outcome }
}

function maxTokensOf({ workload }: CellConfig, promptId: string): number {
  if (workload.kind !== 'completion' && workload.kind !== 'chat') return Number.POSITIVE_INFINITY
  return workload.prompts.find(({ id }) => id === promptId)?.maxTokens ?? workload.sampling.maxTokens
}
