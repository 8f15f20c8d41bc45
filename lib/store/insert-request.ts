import type { SpoolRecord } from '../domain/record.ts'
import { jsonOrNull, orNull } from './columns.ts'
import type { Store } from './store.ts'

const insertion = `
INSERT INTO request (
  trial, record, ordinal, phase, part, prompt_id, client, scheduled_us, sent_us, done_us,
  status, finish, reason, detail, prompt_tokens, cached_tokens, output_tokens, tokens_from,
  event_deltas_us, event_tokens, event_characters, event_channels, event_reads,
  engine_prompt_tokens, engine_prompt_ms, engine_decode_tokens, engine_decode_ms, nll, output,
  pool_wait_us, connect_us, first_chunk_us, counted_tokens
) VALUES (
  @trialId, @n, @index, @phase, @part, @promptId, @client, @scheduledUs, @sentUs, @doneUs,
  @status, @finish, @reason, @detail, @promptTokens, @cachedTokens, @outputTokens, @tokensFrom,
  @deltasUs, @tokens, @characters, @channels, @reads,
  @enginePromptTokens, @enginePromptMs, @engineDecodeTokens, @engineDecodeMs, @nll, @output,
  @poolWaitUs, @connectUs, @firstChunkUs, @countedTokens
)`

const streamInsertion = 'INSERT INTO stream (request, deltas_us, lengths, bytes) VALUES (?, ?, ?, ?)'

/** Writes one request as a spool's record has it. */
export function insertRequest(store: Store, record: Extract<SpoolRecord, { kind: 'request' }>): void {
  const { kind: _, outcome, events, engine, nll, stream, ...rest } = record
  const { lastInsertRowid } = store.sql(insertion).run({
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
    nll: jsonOrNull(nll),
    output: orNull(rest.output),
    poolWaitUs: orNull(rest.poolWaitUs),
    connectUs: orNull(rest.connectUs),
    firstChunkUs: orNull(rest.firstChunkUs),
    countedTokens: orNull(rest.countedTokens),
  })
  if (stream === undefined) return
  const { deltasUs, lengths, bytes } = stream
  store
    .sql(streamInsertion)
    .run(lastInsertRowid, JSON.stringify(deltasUs), JSON.stringify(lengths), Buffer.from(bytes, 'base64'))
}
