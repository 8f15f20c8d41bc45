import { z } from '../parse/schema.ts'
import type { PlanTable } from '../store/plan-rows.ts'
import { artifactRow, cellRow, experimentRow, planRow, promptRow } from './bundle-plan-schema.ts'
import {
  launchRow,
  manifestRow,
  measurementRow,
  requestRow,
  sessionRow,
  telemetryRow,
  trialRow,
} from './bundle-run-schema.ts'

/** What the first line of a bundle says. */
export const bundleFormat = 'benchbook-bundle'
export const bundleVersion = 1

type Table = {
  name: PlanTable
  schema: z.ZodType
  /** As in the store; those of JSON hold what it says, and no text. */
  columns: readonly string[]
  json: readonly string[]
  /** Columns of the store that are this machine's own and nobody else's business. */
  leftOut?: readonly string[]
}

const table = (name: PlanTable, schema: z.ZodObject, rest: Pick<Table, 'json' | 'leftOut'>): Table => ({
  name,
  schema,
  columns: Object.keys(schema.shape).filter((column) => !column.endsWith('_sha256')),
  ...rest,
})

const requestLists = [
  'event_deltas_us',
  'event_tokens',
  'event_characters',
  'event_channels',
  'event_reads',
  'nll',
  'empty_chunks_us',
  'base_nll',
  'base_kld',
  'base_same_top',
]

/** The tables of a bundle in their order: each comes after those that it refers to. */
export const bundleTables: readonly Table[] = [
  table('experiment', experimentRow, { json: [] }),
  table('plan', planRow, { json: ['skipped', 'compare', 'guards', 'objectives', 'probes'] }),
  table('artifact', artifactRow, { json: ['description'] }),
  table('cell', cellRow, { json: ['axes', 'config', 'limits', 'artifact_identity', 'base'] }),
  table('prompt', promptRow, { json: [] }),
  table('session', sessionRow, { json: ['calibration'], leftOut: ['host', 'pid', 'pid_start', 'heartbeat_ms'] }),
  table('manifest', manifestRow, { json: ['manifest'] }),
  table('launch', launchRow, { json: ['outcome'], leftOut: ['spool', 'spool_offset', 'spool_records'] }),
  table('trial', trialRow, { json: ['invalid', 'client', 'counters'] }),
  table('request', requestRow, {
    json: requestLists,
  }),
  table('telemetry', telemetryRow, { json: [] }),
  table('measurement', measurementRow, { json: ['metrics'] }),
]

export type BundleTable = Table

const counts = z.partialRecord(
  z.enum(bundleTables.map(({ name }) => name) as [PlanTable, ...PlanTable[]]),
  z.int().min(0),
)

/** The first line. `texts`: whether prompts, answers and the experiment's file are in it, or the digests of them. */
export const headSchema = z.strictObject({
  format: z.literal(bundleFormat),
  version: z.literal(bundleVersion),
  plan: z.string().regex(/^[0-9a-f]{12}$/),
  texts: z.enum(['all', 'digests']),
})
export type BundleHead = z.output<typeof headSchema>

/** The last line: how many rows each table has, and the SHA-256 of everything before this line. */
export const endSchema = z.strictObject({ end: z.strictObject({ rows: counts, sha256: z.string() }) })
