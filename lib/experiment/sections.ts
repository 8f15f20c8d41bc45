import { byKind } from '../parse/by-kind.ts'
import { z } from '../parse/schema.ts'
import { backendSchema } from './backend-schema.ts'
import { bandwidthSchema } from './bandwidth.ts'
import { byteSizeSchema } from './byte-size.ts'
import { durationSchema } from './duration.ts'
import { loadSchema } from './load-schema.ts'
import { priceSchema } from './price-schema.ts'
import { fileSchema, promptsSchema } from './prompts-schema.ts'

const count = z.int().min(1)
const tokens = count.max(10_000_000)
const seed = z.int().min(0).max(0xffff_ffff).default(42)

const modelSettings = z.strictObject({
  parameters: z.number().gt(0).max(1e15).optional().describe('Weights, as the maker counts them; for display.'),
})

const hardware = z
  .strictObject({
    target: z.literal('local').describe('Where launches run: this machine.'),
    needs: z
      .strictObject({
        accelerator: z.enum(['cpu', 'cuda', 'metal', 'vulkan']).default('cpu').describe('What a launch computes on.'),
        memory: byteSizeSchema.optional().describe('Memory that the target must have at least, such as 8GB.'),
        vram: byteSizeSchema.optional().describe('GPU memory that the target must have at least, such as 40GB.'),
        cores: count.max(4096).exactOptional().describe('Processor cores that the target must have at least.'),
        cpu: z
          .string()
          .min(1)
          .max(200)
          .exactOptional()
          .describe("A part of the name of the target's processor, or of its board: Raspberry Pi 5."),
        gpu: z.string().min(1).max(200).exactOptional().describe("A part of the name of the target's GPU: A100."),
        gpus: count
          .max(1024)
          .exactOptional()
          .describe('How many GPUs (of that name) the target must have at least. Default: 1 where gpu is named.'),
      })
      .prefault({}),
    memory: byteSizeSchema.optional().describe('Memory of the target. Default: what this machine lets a process use.'),
    vram: byteSizeSchema.optional().describe('GPU memory of the target. Default: what its driver says.'),
    memoryBandwidth: bandwidthSchema
      .exactOptional()
      .describe('How fast the memory that holds the weights can be read, such as 50GB/s: no token can come faster.'),
    price: priceSchema.exactOptional(),
  })
  .describe('Where launches run and what they compute on.')

const sampling = z
  .strictObject({
    temperature: z.number().min(0).max(100).default(0).describe('0 is greedy.'),
    topK: z.int().min(0).max(1_000_000).default(40),
    topP: z.number().min(0).max(1).default(0.95),
    minP: z.number().min(0).max(1).default(0.05),
    seed,
    maxTokens: tokens.default(128).describe('Output tokens at most.'),
    stop: z
      .array(z.string().min(1).max(1000))
      .min(1)
      .max(16)
      .exactOptional()
      .describe('The output ends before the first of these texts; only with output: natural.'),
  })
  .describe('How the next token is drawn.')

const output = z
  .enum(['fixed', 'natural'])
  .describe('fixed: exactly maxTokens, past an end-of-sequence token; natural: until the model ends.')

const prompted = {
  prompts: promptsSchema,
  sampling: sampling.prefault({}),
  order: z
    .enum(['shared', 'client'])
    .exactOptional()
    .describe(
      'shared (default): the clients take the prompts of one shuffled order in turn; client: each has all, in an order of its own.',
    ),
}

const stopsOnly = {
  message: 'ends an output early, which output: fixed never does: set output: natural, or leave stop out',
  path: ['sampling', 'stop'],
}
const mayStop = (workload: { sampling: { stop?: unknown }; output: 'fixed' | 'natural' }) =>
  workload.sampling.stop === undefined || workload.output === 'natural'

const completion = z
  .strictObject({ kind: z.literal('completion'), ...prompted, output: output.default('fixed') })
  .refine(mayStop, stopsOnly)
  .describe('Prompts are completed; every request is one prompt.')

const chat = z
  .strictObject({
    kind: z.literal('chat'),
    system: z.string().min(1).max(100_000).exactOptional().describe('The message of the system that comes first.'),
    ...prompted,
    output: output.default('natural'),
  })
  .refine(mayStop, stopsOnly)
  .describe("Every request is one prompt, a user's message in the model's own chat template.")

const prefillDecode = z
  .strictObject({
    kind: z.literal('prefill-decode'),
    promptTokens: tokens.default(512).describe('Tokens of the prompt (llama-bench: pp).'),
    outputTokens: tokens.default(128).describe('Tokens decoded one by one (llama-bench: tg).'),
    depth: z.int().min(0).max(10_000_000).default(0).describe('Tokens put into the context before, untimed.'),
    seed,
  })
  .describe('What llama-bench measures: a prompt in batches, then single-token decodes, each under its own timer.')

const perplexity = z
  .strictObject({
    kind: z.literal('perplexity'),
    text: z.union([fileSchema, z.string().min(1)]).describe('The text to score, or a file with it.'),
    context: z.int().min(8).max(10_000_000).default(512).describe('Tokens of a window; its second half is scored.'),
    chunks: count.max(10_000_000).optional().describe('Windows evaluated at most. Default: all of the text.'),
    base: z
      .string()
      .min(1)
      .max(200)
      .exactOptional()
      .describe('The quantization of the same model that its probabilities are held against, for KL divergence: f16.'),
  })
  .describe('How well a model predicts a text, as llama-perplexity computes it.')

const warmup = z
  .strictObject({
    requests: z.int().min(0).max(10_000).default(1).describe('Sent before by each client, and not measured.'),
  })
  .describe('What comes before the measured requests of a trial.')

const limits = z
  .strictObject({
    load: durationSchema.prefault('300s').describe('From the start of the engine until it is ready.'),
    firstToken: durationSchema.prefault('60s').describe('From sending a request to its first token.'),
    stall: durationSchema.prefault('30s').describe('Between two tokens.'),
    trial: durationSchema.prefault('900s').describe('A whole trial.'),
    retries: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe('How often a trial runs again that crashed, stalled, timed out or failed in the engine.'),
  })
  .describe('How long something may take before it has failed: durations such as 500ms, 30s, 2m.')

/**
 * The parts of a resolved cell, each with the schema of its settings: what a dotted path such as `backend.threads` runs
 * over. Defaults are the schema's.
 */
export const sectionSchemas = {
  model: modelSettings,
  backend: backendSchema,
  hardware,
  workload: byKind([completion, chat, prefillDecode, perplexity]),
  load: loadSchema,
  warmup,
  limits,
} as const

export type SectionName = keyof typeof sectionSchemas
export type Section<N extends SectionName> = z.output<(typeof sectionSchemas)[N]>
