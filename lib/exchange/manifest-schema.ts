import type { Conditions, EngineFacts, EngineMemory, HostFacts, Manifest, ServerFacts } from '../domain/manifest.ts'
import type { GuardFinding } from '../domain/guard.ts'
import { z } from '../parse/schema.ts'
import type { Shape } from '../parse/shape.ts'
import { count, description, shortText } from './bundle-plan-schema.ts'

const number = z.number()
const said = z.record(shortText, z.union([z.string().max(100_000), number, z.boolean()]))

const host = z.strictObject({
  os: shortText,
  distribution: shortText.exactOptional(),
  cpu: shortText,
  cores: number,
  memoryBytes: number,
  accelerators: z
    .array(z.strictObject({ name: shortText, memoryBytes: number.exactOptional(), driver: shortText.exactOptional() }))
    .max(1000),
  virtualization: shortText.exactOptional(),
  unavailable: z.array(shortText).max(1000),
} satisfies Shape<HostFacts>)

const server = z.strictObject({
  url: shortText,
  place: z.enum(['this-machine', 'remote']),
  model: shortText,
  says: z.record(shortText, z.union([z.string().max(100_000), number])),
  command: z.string().max(100_000).exactOptional(),
  settings: said.exactOptional(),
  varying: said.exactOptional(),
} satisfies Shape<ServerFacts>)

const engine = z.strictObject({
  name: shortText,
  version: shortText.exactOptional(),
  build: shortText.exactOptional(),
  accelerator: shortText.exactOptional(),
  devices: z.array(shortText).max(1000).exactOptional(),
  threads: number.exactOptional(),
  contextSize: number.exactOptional(),
  batchSize: number.exactOptional(),
  flashAttention: z.boolean().exactOptional(),
  features: z.string().max(100_000).exactOptional(),
  settings: said.exactOptional(),
  artifact: description.partial().extend({ digest: shortText, bytes: number.exactOptional() }),
  server: server.exactOptional(),
  memory: z
    .strictObject({
      claimedBytes: number.exactOptional(),
      reservedBytes: number.exactOptional(),
    } satisfies Shape<EngineMemory>)
    .exactOptional(),
} satisfies Shape<EngineFacts>)

const finding = z.strictObject({
  guard: z.enum(['temperature', 'foreignGpuTenant', 'battery']),
  detail: shortText,
  waitedMs: number.exactOptional(),
} satisfies Shape<GuardFinding>)

const conditions = z.strictObject({
  freeMemoryBytes: number,
  loadAverage: number.exactOptional(),
  temperatureCelsius: number.exactOptional(),
  onBattery: z.boolean().exactOptional(),
  engine: said.exactOptional(),
  guards: z.array(finding).max(1000).exactOptional(),
  handicap: number.exactOptional(),
} satisfies Shape<Conditions>)

/** What was observed of code, engine and host, as a bundle has it. */
export const manifestSchema = z.strictObject({
  tool: z.strictObject({
    version: shortText,
    commit: shortText.exactOptional(),
    dirty: z.boolean().exactOptional(),
    measurement: count,
  } satisfies Shape<Manifest['tool']>),
  runtime: z.strictObject({ node: shortText, platform: shortText, arch: shortText } satisfies Shape<
    Manifest['runtime']
  >),
  host,
  engine: engine.exactOptional(),
  conditions,
} satisfies Shape<Manifest>)
