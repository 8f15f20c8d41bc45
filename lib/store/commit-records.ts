import type { SpoolRecord } from '../domain/record.ts'
import type { Manifest } from '../domain/manifest.ts'
import { jsonOrNull, orNull } from './columns.ts'
import { manifestDigests } from './digest.ts'
import { endLaunch } from './end-launch.ts'
import { insertRequest } from './insert-request.ts'
import type { Store } from './store.ts'
import { sampledFields, telemetryColumns } from './telemetry-columns.ts'

type Commit = {
  launchId: number
  /** In the order of the spool. */
  records: readonly SpoolRecord[]
  /** Bytes of the spool up to the end of the last of them. */
  endOffset: number
}

/**
 * Writes what a spool's records say, and how far the spool has been read, in one transaction: nothing is lost and nothing
 * doubled, whoever is killed. A record that is in the store already is passed over; one that is missing before another is a
 * bug, and throws. Returns the number of new records.
 */
export function commitRecords(store: Store, { launchId, records, endOffset }: Commit): number {
  return store.write(() => {
    const known = spoolRecords(store, launchId)
    const fresh = records.filter((record) => record.n > known)
    for (const [i, record] of fresh.entries()) {
      if (record.n !== known + 1 + i)
        throw new Error(`the spool of launch ${launchId} has record ${record.n} where ${known + 1 + i} was due`)
      apply(store, launchId, record)
    }
    store
      .sql('UPDATE launch SET spool_records = spool_records + ?, spool_offset = max(spool_offset, ?) WHERE id = ?')
      .run(fresh.length, endOffset, launchId)
    return fresh.length
  })
}

function spoolRecords(store: Store, launchId: number): number {
  const row = store.sql<{ n: number }>('SELECT spool_records AS n FROM launch WHERE id = ?').get(launchId)
  if (row === undefined) throw new Error(`no launch ${launchId} in the store`)
  return row.n
}

function apply(store: Store, launchId: number, record: SpoolRecord): void {
  if ('trialId' in record) assertTrialOf(store, launchId, record.trialId)
  switch (record.kind) {
    case 'claimed':
      store.sql('UPDATE launch SET claimed_at_ms = ? WHERE id = ?').run(record.atMs, launchId)
      return
    case 'waiting': // told as it happens; what was waited for is in the manifest's conditions
      return
    case 'loaded':
      return applyLoaded(store, launchId, record)
    case 'trial-started':
      store.sql(`UPDATE trial SET status = 'running', started_us = ? WHERE id = ?`).run(record.atUs, record.trialId)
      return
    case 'request':
      return insertRequest(store, record)
    case 'counted':
      return applyCounted(store, record)
    case 'memory':
      return applyMemory(store, record)
    case 'trial-ended':
      return applyTrialEnded(store, record)
    case 'done':
      return endLaunch(store, { launchId, outcome: record.outcome, atMs: record.atMs })
  }
}

type RecordOf<Kind extends SpoolRecord['kind']> = Extract<SpoolRecord, { kind: Kind }>

function assertTrialOf(store: Store, launchId: number, trialId: number): void {
  const trial = store.sql<{ launch: number }>('SELECT launch FROM trial WHERE id = ?').get(trialId)
  if (trial?.launch !== launchId) throw new Error(`the spool of launch ${launchId} speaks of trial ${trialId}`)
}

function applyLoaded(store: Store, launchId: number, { loadMs, manifest, memory }: RecordOf<'loaded'>): void {
  const { digest, setup } = manifestDigests(manifest)
  store
    .sql('INSERT INTO manifest (digest, setup, manifest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(digest, setup, JSON.stringify(manifest))
  store
    .sql(`UPDATE launch SET load_ms = ?, manifest = ?, vram_claimed_bytes = ?, vram_reserved_bytes = ? WHERE id = ?`)
    .run(loadMs, digest, orNull(memory?.claimedBytes), orNull(memory?.reservedBytes), launchId)
  if (manifest.engine !== undefined) describeArtifact(store, manifest.engine.artifact)
}

/** What the artifact of a plan turned out to be, such as generated weights. */
function describeArtifact(store: Store, artifact: NonNullable<Manifest['engine']>['artifact']): void {
  const { digest, bytes, ...description } = artifact
  if (bytes === undefined) return // a server has it
  store
    .sql('UPDATE artifact SET bytes = ?, description = ? WHERE digest = ?')
    .run(bytes, JSON.stringify(description), digest)
}

/** Where the server did not say how many there are, these are the output's tokens. */
function applyCounted(store: Store, { trialId, tokens }: RecordOf<'counted'>): void {
  const update = store.sql(`
    UPDATE request SET
      counted_tokens = CASE WHEN output_tokens IS NOT NULL THEN @counted END,
      tokens_from = iif(output_tokens IS NULL, 'tokenizer', tokens_from),
      output_tokens = coalesce(output_tokens, @counted)
    WHERE trial = @trialId AND record = @record`)
  for (const [record, counted] of tokens) update.run({ trialId, record, counted })
}

function applyMemory(store: Store, { trialId, samples }: RecordOf<'memory'>): void {
  const columns = Object.keys(telemetryColumns)
  const insertion = store.sql(
    `INSERT INTO telemetry (trial, at_us, ${columns.join(', ')}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
  )
  for (const sample of samples)
    insertion.run(trialId, sample.atUs, ...sampledFields.map((field) => orNull(sample[field])))
}

function applyTrialEnded(
  store: Store,
  { trialId, atUs, end, invalid, client, counters }: RecordOf<'trial-ended'>,
): void {
  const failure = end.status === 'failed' ? end : undefined
  // A trial that its user stopped is not a failure: it is to run again.
  const status = failure?.reason === 'stopped' ? 'interrupted' : end.status
  store
    .sql(
      'UPDATE trial SET status = ?, reason = ?, detail = ?, invalid = ?, client = ?, counters = ?, ended_us = ? WHERE id = ?',
    )
    .run(
      status,
      orNull(failure?.reason),
      orNull(failure?.detail),
      invalid.length > 0 ? JSON.stringify(invalid) : null,
      jsonOrNull(client),
      jsonOrNull(counters),
      atUs,
      trialId,
    )
}
