import type { ArtifactDescription, ArtifactIdentity, BaseArtifact } from '../domain/cell.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import type { ModelShape } from '../domain/model-shape.ts'
import type { Guards } from '../domain/guard.ts'
import { type Compare, type KneeSearch, mostBlocks, type Probe, type SkippedCell } from '../domain/plan.ts'
import { frozenConfigSchema, frozenLimitsSchema } from '../experiment/frozen-config.ts'
import { frozenSourceSchema } from '../experiment/frozen-source.ts'
import { z } from '../parse/schema.ts'
import type { Shape } from '../parse/shape.ts'

// The rows of what was planned. A field that is absent is NULL in the store.

export const rowId = z.int().min(1)
export const planId = z.string().regex(/^[0-9a-f]{12}$/)
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)
export const atMs = z.int().min(0).max(8.64e15)
export const count = z.int().min(0)
export const metricName = z.enum(Object.keys(metrics) as [Metric, ...Metric[]])
/** What something is called: no text of many lines. */
export const shortText = z.string().max(4096)
const longText = z.string().max(10_000_000)
const axes = z.record(shortText.min(1), z.json())

/** Where its text is left out, its digest says which it was. */
export const experimentRow = z.strictObject({
  id: rowId,
  digest: sha256Hex,
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  title: z.string().min(1).max(300),
  question: z.string().min(1).max(1000).exactOptional(),
  file: shortText,
  text: longText.exactOptional(),
})

const skipped = z.strictObject({
  axes,
  reason: z.enum(['excluded', 'does-not-fit', 'format', 'target-missing', 'engine-missing']),
  detail: longText,
} satisfies Shape<SkippedCell>)

const compare = z.strictObject({
  treatment: z.array(shortText.min(1)).min(1).max(1000),
  // Plans of before have treatment alone.
  pairs: z
    .array(z.strictObject({ base: longText, against: longText }))
    .max(10_000)
    .exactOptional(),
  margins: z
    .array(z.strictObject({ metric: metricName, margin: z.number().gt(0).max(1e9) }))
    .max(1000)
    .exactOptional(),
} satisfies Shape<Compare>)

const action = z.strictObject({ action: z.enum(['wait', 'refuse', 'warn', 'ignore']) })
const guards = z.strictObject({
  temperature: action.extend({ above: z.number().min(0).max(150) }),
  foreignGpuTenant: action,
  battery: action,
} satisfies Shape<Guards>)

const probe = z.strictObject({
  ratePerSecond: z.number(),
  goodput: z.number(),
  requests: count,
  ttftMs: z.number().exactOptional(),
  tpotMs: z.number().exactOptional(),
  invalid: longText.exactOptional(),
  waited: z.number().exactOptional(),
} satisfies Shape<Probe>)
const knee = z.strictObject({
  cellId: sha256Hex,
  ratePerSecond: z.number(),
  probes: z.array(probe).max(10_000),
  atLeast: z.enum(['client', 'too-few-clients', 'range']).exactOptional(),
} satisfies Shape<KneeSearch>)

export const planRow = z.strictObject({
  id: planId,
  experiment: rowId,
  created_at_ms: atMs,
  seed: z.int().min(0).max(0xffff_ffff),
  blocks: z.int().min(1).max(mostBlocks),
  command: longText,
  skipped: z.array(skipped).max(1_000_000),
  compare: compare.exactOptional(),
  guards: guards.exactOptional(),
  objectives: z.partialRecord(metricName, z.number()).exactOptional(),
  probes: z.array(knee).max(100_000).exactOptional(),
  keep_streams: z.literal(1).exactOptional(),
})

const size = z.number().min(0)
const shape = z.strictObject({
  layers: size,
  width: size,
  feedForward: size,
  heads: size,
  kvPerToken: size,
  sliding: z.strictObject({ kvPerToken: size, tokens: size }).exactOptional(),
  stateBytes: size.exactOptional(),
  matrixBytes: z.record(shortText, size),
} satisfies Shape<ModelShape>)

const descriptionShape = {
  format: z.enum(['gguf', 'safetensors']),
  architecture: shortText,
  parameters: size,
  tensorBytes: size,
  contextLength: size,
  vocabulary: size,
  chatTemplate: z.boolean(),
  fileType: shortText.exactOptional(),
  randomWeights: z.boolean(),
  shape: shape.exactOptional(),
  estimated: z.literal(true).exactOptional(),
} satisfies Shape<ArtifactDescription>
export const description = z.strictObject(descriptionShape)

export const artifactRow = z.strictObject({
  digest: sha256Hex,
  path: shortText,
  bytes: count.exactOptional(),
  description: description.exactOptional(),
})

const identity = z.strictObject({
  digest: sha256Hex,
  path: shortText,
  bytes: count.exactOptional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .exactOptional(),
  description: description.exactOptional(),
} satisfies Shape<ArtifactIdentity>)

export const cellRow = z.strictObject({
  id: rowId,
  plan: planId,
  cell_id: sha256Hex,
  axes,
  arm: longText,
  stratum: longText,
  config: frozenConfigSchema,
  limits: frozenLimitsSchema,
  artifact: sha256Hex,
  artifact_identity: identity,
  base: z
    .strictObject({ source: frozenSourceSchema, artifact: identity } satisfies Shape<BaseArtifact>)
    .exactOptional(),
})

/** Where its text is left out, the digest of its UTF-8 says which it was. */
export const promptRow = z.strictObject({
  id: rowId,
  digest: sha256Hex,
  text: z.string().max(50_000_000).exactOptional(),
})
