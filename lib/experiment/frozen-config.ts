import { canonicalJson } from '../domain/canonical-json.ts'
import type { Cell, CellConfig, HardwareConfig, Prompt } from '../domain/cell.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import { expectedSchema } from '../parse/prompt-list.ts'
import { z } from '../parse/schema.ts'
import type { Shape } from '../parse/shape.ts'
import { frozenSourceSchema } from './frozen-source.ts'
import { priceSchema } from './price-schema.ts'
import { sectionSchemas, type SectionName } from './sections.ts'

type Fields = Readonly<Record<string, unknown>>
/** As a file would declare it, and what comes of that. */
type Declared = { value: Fields; made: Fields }

/**
 * A part of a frozen cell, held against the schema of what a file may declare: what no file could have come to is refused, and
 * so is a default that is not written out.
 */
const frozen = (section: SectionName, declared: (fields: Fields) => Declared) =>
  z.record(z.string(), z.json()).superRefine((fields, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message, input: fields })
    const { value, made } = declared(fields)
    const checked = checkValue(sectionSchemas[section], value)
    if (checked.status === 'failed') for (const { path, message } of checked.findings) complain(withPath(path, message))
    else if (canonicalJson(checked.value) !== canonicalJson(made)) complain('is not as a plan is frozen')
  })

const without = (fields: Fields, ...keys: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)))

const asItIs = (fields: Fields): Declared => ({ value: fields, made: fields })

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'must be letters, digits, ".", "_" and "-", 80 at most')
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')

const model = z.strictObject({ name, ...sectionSchemas.model.shape })

const backend = frozen('backend', (fields) => asItIs(without(fields, 'name', 'tokenizerDigest'))).and(
  z.looseObject({ name, tokenizerDigest: sha256Hex.exactOptional() }),
)

const bytes = z.int().min(1)
const few = z.int().min(1).max(4096)
const words = z.string().min(1).max(200)
const hardware = z.strictObject({
  name,
  target: z.literal('local'),
  needs: z.strictObject({
    accelerator: z.enum(['cpu', 'cuda', 'metal', 'vulkan']),
    memoryBytes: bytes.exactOptional(),
    vramBytes: bytes.exactOptional(),
    cores: few.exactOptional(),
    cpu: words.exactOptional(),
    gpu: words.exactOptional(),
    gpus: few.exactOptional(),
  } satisfies Shape<HardwareConfig['needs']>),
  memoryBytes: bytes.exactOptional(),
  vramBytes: bytes.exactOptional(),
  memoryBytesPerSecond: bytes.exactOptional(),
  price: priceSchema.exactOptional(),
} satisfies Shape<HardwareConfig>)

/** A prompt as a store keeps it: in place of each text the number of its row. */
const row = z.int().min(1)
const prompt = z.strictObject({
  id: words,
  prompt: row,
  maxTokens: z.int().min(1).max(10_000_000).exactOptional(),
  followUps: z.array(row).min(1).max(1000).exactOptional(),
  expected: expectedSchema.exactOptional(),
} satisfies Shape<Omit<Prompt, 'text'> & { prompt: number }>)

/** In place of the texts, which have rows of their own. */
const anyText = 'x'

const workload = frozen('workload', (fields) => {
  const rest = without(fields, 'name')
  if ('text' in rest) return asItIs({ ...rest, text: anyText })
  if (!('prompts' in rest)) return asItIs(rest)
  return { value: { ...rest, prompts: [anyText] }, made: { ...rest, prompts: [{ id: 'p1', text: anyText }] } }
}).and(
  z.looseObject({ name, prompts: z.array(prompt).min(1).max(10_000).exactOptional(), text: prompt.exactOptional() }),
)

const load = frozen('load', ({ durationMs, everyMs, ...others }) => {
  const rest = without(others, 'arrivalsMs')
  const times = Object.entries({ duration: durationMs, every: everyMs }).filter(([, ms]) => ms !== undefined)
  const inWords = times.map(([key, ms]) => [key, `${String(ms)}ms`])
  return { value: { ...rest, ...Object.fromEntries(inWords) }, made: { ...rest, ...Object.fromEntries(times) } }
}).and(z.looseObject({ arrivalsMs: z.array(z.number().min(0).max(1e12)).max(1_000_000).exactOptional() }))

/** The settings of a cell as a store keeps them: all written out, and in place of each text the number of its row. */
export const frozenConfigSchema = z.strictObject({
  model,
  quantization: name,
  artifact: frozenSourceSchema,
  backend,
  hardware,
  workload,
  load,
  warmup: z.strictObject({ requests: z.int().min(0).max(10_000) }),
} satisfies Shape<CellConfig>)

const ms = z
  .int()
  .min(1)
  .max(7 * 24 * 3_600_000)

/** How long something of a frozen cell may take. */
export const frozenLimitsSchema = z.strictObject({
  loadMs: ms,
  firstTokenMs: ms,
  stallMs: ms,
  trialMs: ms,
  retries: z.int().min(0).max(10),
} satisfies Shape<Cell['limits']>)
