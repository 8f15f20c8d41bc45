import { z } from '../parse/schema.ts'

const ns = z.number()
const ms = z.number()
const count = z.int().min(0)
const setting = z.union([z.string(), z.number(), z.boolean()])

const content = z.object({ kind: z.literal('content'), id: z.string(), at: z.array(ns) })

const done = z.object({
  kind: z.literal('done'),
  id: z.string(),
  sent: ns,
  done: ns,
  promptTokens: count,
  /** How many of `at` were told before. */
  told: count,
  status: z.enum(['ok', 'failed']),
  finish: z.enum(['length', 'stop']).optional(),
  reason: z
    .enum(['engine-error', 'out-of-memory', 'context-overflow', 'chat-template', 'request-refused', 'stopped'])
    .optional(),
  detail: z.string().optional(),
  at: z.array(ns).default([]),
  tokens: z.array(count).default([]),
  outputTokens: count.optional(),
  cachedTokens: count.optional(),
  output: z.string().optional(),
  engine: z
    .object({ promptTokens: count, promptMs: ms, decodeTokens: count.optional(), decodeMs: ms.optional() })
    .optional(),
  nll: z.array(z.number()).optional(),
  base: z
    .object({
      nll: z.array(z.number()),
      kld: z.array(z.number()),
      sameTop: z.array(count),
      isBound: z.literal(true).exactOptional(),
    })
    .optional(),
})

const failure = {
  reason: z.enum([
    'engine-error',
    'start-failed',
    'out-of-memory',
    'context-overflow',
    'accelerator-missing',
    'artifact-missing',
    'chat-template',
    'request-refused',
  ]),
  detail: z.string(),
}

const ready = z.object({
  kind: z.literal('ready'),
  versions: z.record(z.string(), z.string()),
  accelerator: z.string(),
  devices: z.array(z.string()),
  threads: count.optional(),
  contextSize: count,
  settings: z.record(z.string(), setting),
  importMs: ms,
  loadMs: ms,
})

/** What the engine in Python says; times are its monotonic nanoseconds. */
export const pythonMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clock'), now: ns }),
  ready,
  /** The tokens of each prompt; 0 for one that goes on with a conversation. */
  z.object({ kind: z.literal('prepared'), prompts: z.array(count) }),
  z.object({ kind: z.literal('refused'), ...failure }),
  content,
  done,
  /** It answers no more. */
  z.object({ kind: z.literal('broken'), ...failure }),
])

export type PythonMessage = z.infer<typeof pythonMessage>
export type ReadyMessage = z.infer<typeof ready>
export type DoneMessage = z.infer<typeof done>
