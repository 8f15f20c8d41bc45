import type { ArtifactDescription, Expected, LoadConfig, Prompt } from '../domain/cell.ts'
import type { EngineMemory } from '../domain/manifest.ts'
import type { Metric } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'
import type { Price } from '../domain/price.ts'
import type { ClientHealth, MemorySample, ServerCounters } from '../domain/record.ts'
import type { EngineTimings, RequestTimeline } from '../domain/timeline.ts'
import { parsedOr, present } from './columns.ts'
import { readSamples } from './read-telemetry.ts'
import type { Store } from './store.ts'

export type RequestDetail = {
  id: number
  /** 0-based within its phase. */
  index: number
  timeline: RequestTimeline
  metrics: Partial<Record<Metric, number>>
}

/** Everything that was observed of one trial: what its metrics are derived from. */
export type TrialDetail = {
  /** In the order of the spool. */
  requests: readonly RequestDetail[]
  memory: readonly MemorySample[]
  /** Of the trial's cell. */
  load: LoadConfig
  /** Of the plan. */
  objectives?: Objectives
  /** Where a server was asked. */
  client?: ClientHealth
  /** Where the server has any. */
  counters?: ServerCounters
  loadMs?: number
  /** GPU memory by the engine's own account. */
  engineMemory: EngineMemory
  artifact?: { bytes: number; description: ArtifactDescription }
  /** Of the hardware of the trial's cell. */
  price?: Price
  /** What answers are checked for, by prompt; absent where no prompt says. */
  expected?: ReadonlyMap<string, Expected>
}

/** Reads one trial with its requests' timelines. */
export function readTrialDetail(store: Store, trialId: number): TrialDetail {
  return store.read(() => {
    const {
      load,
      price,
      prompts,
      loadMs,
      bytes,
      description,
      objectives,
      client,
      counters,
      claimedBytes,
      reservedBytes,
    } = readSurroundings(store, trialId)
    return {
      requests: store.sql<Columns>(requests).all(trialId).map(toRequest),
      memory: readSamples(store, trialId),
      load: JSON.parse(load) as LoadConfig,
      ...(objectives !== undefined && { objectives: JSON.parse(objectives) as Objectives }),
      ...(client !== undefined && { client: JSON.parse(client) as ClientHealth }),
      ...(counters !== undefined && { counters: JSON.parse(counters) as ServerCounters }),
      ...(loadMs !== undefined && { loadMs }),
      ...(price !== undefined && { price: JSON.parse(price) as Price }),
      ...(prompts !== undefined && expectedOf(JSON.parse(prompts) as Prompt[])),
      engineMemory: {
        ...(claimedBytes !== undefined && { claimedBytes }),
        ...(reservedBytes !== undefined && { reservedBytes }),
      },
      ...(bytes !== undefined &&
        description !== undefined && {
          artifact: { bytes, description: JSON.parse(description) as ArtifactDescription },
        }),
    }
  })
}

type Surroundings = {
  load: string
  loadMs: number | null
  bytes: number | null
  claimedBytes: number | null
  reservedBytes: number | null
} & Record<'price' | 'prompts' | 'description' | 'objectives' | 'client' | 'counters', string | null>

function readSurroundings(store: Store, trialId: number) {
  const row = store
    .sql<Surroundings>(
      `SELECT json_extract(c.config, '$.load') AS load, json_extract(c.config, '$.hardware.price') AS price,
         json_extract(c.config, '$.workload.prompts') AS prompts, l.load_ms AS loadMs, a.bytes, a.description, p.objectives, t.client, t.counters,
         l.vram_claimed_bytes AS claimedBytes, l.vram_reserved_bytes AS reservedBytes
       FROM trial t JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell JOIN artifact a ON a.digest = c.artifact
         JOIN plan p ON p.id = l.plan
       WHERE t.id = ?`,
    )
    .get(trialId)
  if (row === undefined) throw new Error(`no trial ${trialId} in the store`)
  return present(row)
}

/** Of the prompts that say what is expected. */
function expectedOf(prompts: readonly Pick<Prompt, 'id' | 'expected'>[]): Pick<TrialDetail, 'expected'> {
  const said = prompts.flatMap(({ id, expected }) => (expected ? [[id, expected] as const] : []))
  return said.length === 0 ? {} : { expected: new Map(said) }
}

const requests = `SELECT r.id, r.ordinal AS "index", m.metrics, r.finish, r.reason, r.detail,
    r.prompt_id AS promptId, r.part, r.phase, r.client, r.scheduled_us AS scheduledUs, r.sent_us AS sentUs,
    r.done_us AS doneUs, r.prompt_tokens AS promptTokens, r.cached_tokens AS cachedTokens,
    r.output_tokens AS outputTokens, r.tokens_from AS tokensFrom, r.pool_wait_us AS poolWaitUs,
    r.connect_us AS connectUs, r.first_chunk_us AS firstChunkUs,
    r.empty_chunks_us AS emptyChunksUs, r.counted_tokens AS countedTokens, r.nll, r.output,
    r.base_nll AS baseNll, r.base_kld AS baseKld, r.base_same_top AS baseSameTop, r.base_is_bound AS baseIsBound,
    r.event_deltas_us AS deltasUs, r.event_tokens AS tokens, r.event_characters AS characters,
    r.event_channels AS channels, r.event_reads AS reads,
    r.engine_prompt_tokens AS enginePromptTokens, r.engine_prompt_ms AS enginePromptMs,
    r.engine_decode_tokens AS engineDecodeTokens, r.engine_decode_ms AS engineDecodeMs,
    r.engine_load_ms AS engineLoadMs, r.engine_total_ms AS engineTotalMs
  FROM request r LEFT JOIN measurement m ON m.request = r.id WHERE r.trial = ? ORDER BY r.record`

const eventKeys = ['deltasUs', 'tokens', 'characters', 'channels', 'reads'] as const
type Columns = { id: number; index: number; baseIsBound: number | null } & Record<
  | 'finish'
  | 'reason'
  | 'detail'
  | 'metrics'
  | 'nll'
  | 'emptyChunksUs'
  | 'baseNll'
  | 'baseKld'
  | 'baseSameTop'
  | (typeof eventKeys)[number],
  string | null
> &
  Record<`engine${Capitalize<keyof EngineTimings>}`, number | null>

function toRequest(columns: Columns): RequestDetail {
  const { id, index, metrics, finish, reason, detail, nll, emptyChunksUs, ...observed } = columns
  const { baseNll, baseKld, baseSameTop, baseIsBound, ...rest } = observed
  const { deltasUs, tokens, characters, channels, reads, ...others } = rest
  const { enginePromptTokens, enginePromptMs, engineDecodeTokens, engineDecodeMs, ...further } = others
  const { engineLoadMs, engineTotalMs, ...plain } = further
  const engine = present({
    promptTokens: enginePromptTokens,
    promptMs: enginePromptMs,
    decodeTokens: engineDecodeTokens,
    decodeMs: engineDecodeMs,
    loadMs: engineLoadMs,
    totalMs: engineTotalMs,
  })
  const outcome = finish === null ? { status: 'failed', reason, detail } : { status: 'ok', finish }
  return {
    id,
    index,
    timeline: {
      ...present(plain),
      outcome,
      ...(deltasUs !== null && { events: parseEach({ deltasUs, tokens, characters, channels, reads }) }),
      ...(Object.keys(engine).length > 0 && { engine }),
      ...(emptyChunksUs !== null && { emptyChunksUs: JSON.parse(emptyChunksUs) }),
      ...(nll !== null && { nll: JSON.parse(nll) }),
      ...(baseNll !== null && {
        base: {
          ...parseEach({ nll: baseNll, kld: baseKld, sameTop: baseSameTop }),
          ...(baseIsBound && { isBound: true }),
        },
      }),
    } as unknown as RequestTimeline,
    metrics: parsedOr<RequestDetail['metrics']>(metrics, {}),
  }
}

function parseEach(columns: Readonly<Record<string, string | null>>) {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([key, json]) => (json === null ? [] : [[key, JSON.parse(json)]])),
  )
}
