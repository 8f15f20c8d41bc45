import type { SpoolRecord } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { jsonOrNull, orNull } from './columns.ts'
import type { Store } from './store.ts'

const insertion = `
INSERT INTO request (
  trial, record, ordinal, phase, part, prompt_id, client, scheduled_us, sent_us, done_us,
  status, finish, reason, detail, prompt_tokens, cached_tokens, output_tokens, tokens_from,
  event_deltas_us, event_tokens, event_characters, event_channels, event_reads,
  engine_prompt_tokens, engine_prompt_ms, engine_decode_tokens, engine_decode_ms, nll, output,
  pool_wait_us, connect_us, first_chunk_us, empty_chunks_us, counted_tokens, engine_load_ms, engine_total_ms,
  base_nll, base_kld, base_same_top, base_is_bound
) VALUES (
  @trialId, @n, @index, @phase, @part, @promptId, @client, @scheduledUs, @sentUs, @doneUs,
  @status, @finish, @reason, @detail, @promptTokens, @cachedTokens, @outputTokens, @tokensFrom,
  @deltasUs, @tokens, @characters, @channels, @reads,
  @enginePromptTokens, @enginePromptMs, @engineDecodeTokens, @engineDecodeMs, @nll, @output,
  @poolWaitUs, @connectUs, @firstChunkUs, @emptyChunksUs, @countedTokens, @engineLoadMs, @engineTotalMs,
  @baseNll, @baseKld, @baseSameTop, @baseIsBound
)`

const streamInsertion = 'INSERT INTO stream (request, deltas_us, lengths, bytes) VALUES (?, ?, ?, ?)'

/** What another reading of an answer's bytes may change. */
const update = `
UPDATE request SET
  status = @status, finish = @finish, reason = @reason, detail = @detail, first_chunk_us = @firstChunkUs,
  empty_chunks_us = @emptyChunksUs,
  prompt_tokens = @promptTokens, cached_tokens = @cachedTokens, output_tokens = @outputTokens, tokens_from = @tokensFrom,
  event_deltas_us = @deltasUs, event_tokens = @tokens, event_characters = @characters, event_channels = @channels,
  event_reads = @reads, engine_prompt_tokens = @enginePromptTokens, engine_prompt_ms = @enginePromptMs,
  engine_decode_tokens = @engineDecodeTokens, engine_decode_ms = @engineDecodeMs, engine_load_ms = @engineLoadMs,
  engine_total_ms = @engineTotalMs, output = @output
WHERE id = @id`

/** Writes one request as a spool's record has it. */
export function insertRequest(store: Store, record: Extract<SpoolRecord, { kind: 'request' }>): void {
  const { kind: _, stream, n, trialId, index, ...timeline } = record
  const { lastInsertRowid } = store.sql(insertion).run({ n, trialId, index, ...columnsOf(timeline) })
  if (stream === undefined) return
  const { deltasUs, lengths, bytes } = stream
  store
    .sql(streamInsertion)
    .run(lastInsertRowid, JSON.stringify(deltasUs), JSON.stringify(lengths), Buffer.from(bytes, 'base64'))
}

/** Writes what was read of a request's kept bytes in place of what it had. */
export function replaceRequest(store: Store, id: number, timeline: RequestTimeline): void {
  store.write(() => store.sql(update).run({ id, ...columnsOf(timeline) }))
}

function columnsOf({ outcome, events, engine, nll, base, ...rest }: Omit<RequestTimeline, 'stream'>) {
  return {
    ...rest,
    ...(outcome.status === 'ok' ? { ...outcome, reason: null, detail: null } : { ...outcome, finish: null }),
    promptTokens: orNull(rest.promptTokens),
    cachedTokens: orNull(rest.cachedTokens),
    outputTokens: orNull(rest.outputTokens),
    tokensFrom: orNull(rest.tokensFrom),
    deltasUs: jsonOrNull(events?.deltasUs),
    tokens: jsonOrNull(events?.tokens),
    characters: jsonOrNull(events?.characters),
    channels: jsonOrNull(events?.channels),
    reads: jsonOrNull(events?.reads),
    enginePromptTokens: orNull(engine?.promptTokens),
    enginePromptMs: orNull(engine?.promptMs),
    engineDecodeTokens: orNull(engine?.decodeTokens),
    engineDecodeMs: orNull(engine?.decodeMs),
    engineLoadMs: orNull(engine?.loadMs),
    engineTotalMs: orNull(engine?.totalMs),
    nll: jsonOrNull(nll),
    baseNll: jsonOrNull(base?.nll),
    baseKld: jsonOrNull(base?.kld),
    baseSameTop: jsonOrNull(base?.sameTop),
    baseIsBound: base?.isBound ? 1 : null,
    output: orNull(rest.output),
    poolWaitUs: orNull(rest.poolWaitUs),
    connectUs: orNull(rest.connectUs),
    firstChunkUs: orNull(rest.firstChunkUs),
    emptyChunksUs: jsonOrNull(rest.emptyChunksUs),
    countedTokens: orNull(rest.countedTokens),
  }
}
