import { faultKinds, faultPlaces } from '../domain/emulation.ts'
import { z } from '../parse/schema.ts'

const count = z.int().min(1)
const milliseconds = z.number().min(0).max(86_400_000)

const fault = z.strictObject({
  kind: z.enum(faultKinds),
  at: z.enum(faultPlaces),
  every: count.max(1_000_000).default(1).describe('Of so many requests the last goes wrong.'),
})

/** The settings of an emulated server, which `benchbook emulate` has as options too. */
export const emulationShape = {
  seed: z.int().min(0).max(0xffff_ffff).default(42).describe('All that is random follows from it.'),
  firstTokenMs: milliseconds.default(50).describe('To the first token, without the prompt and the queue.'),
  promptTokenMs: milliseconds.default(0.05).describe('The same, for each token of the prompt.'),
  tokenMs: milliseconds.default(10).describe('Between two tokens of a request that is alone.'),
  jitter: z.number().min(0).max(5).default(0.05).describe('Coefficient of variation of each of these times.'),
  slots: count.max(100_000).default(64).describe('Requests worked on at once; the others wait in a queue.'),
  slowdown: z
    .number()
    .min(0)
    .max(10)
    .default(0.02)
    .describe('By how much each further request at work slows all of them.'),
  role: z
    .enum(['at-once', 'with-first-token', 'none'])
    .default('at-once')
    .describe('When the chunk comes that has only the role.'),
  tokensPerChunk: count.max(1000).default(1),
  chunksPerWrite: count.max(1000).default(1),
  usage: z
    .enum(['honest', 'wrong', 'none', 'continuous'])
    .default('honest')
    .describe('What the server says of its output tokens: wrong is half as many again.'),
  cached: z.number().min(0).max(1).default(0).describe("Share of a prompt's tokens that is said to come from a cache."),
  faults: z.array(fault).max(100).default([]).describe('What goes wrong, and where.'),
}
