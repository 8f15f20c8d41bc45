import { promptListSchema } from '../parse/prompt-list.ts'
import { z } from '../parse/schema.ts'

const mostTokens = 1_000_000
const tokenCount = z.int().min(1).max(mostTokens)
const field = z.string().min(1).max(200).exactOptional()

/** A file in place of its content. */
export const fileSchema = z.strictObject({
  file: z.string().min(1).describe('A file in the lab (or that the package brings).'),
})

const length = z
  .union([
    tokenCount,
    z
      .strictObject({ min: tokenCount, max: tokenCount })
      .refine(({ min, max }) => min <= max, { message: 'is less than min', path: ['max'] }),
  ])
  .describe('So many tokens, or { min, max }: evenly drawn between them.')
const lengths = {
  tokens: length,
  outputTokens: length.exactOptional().describe("Output tokens at most. Default: the workload's sampling.maxTokens."),
}
const drawn = {
  count: z.int().min(1).max(10_000).default(100).describe('Prompts in all.'),
  seed: z.int().min(0).max(0xffff_ffff).default(42).describe('Draws words, lengths and order.'),
  tokenizer: z
    .string()
    .min(1)
    .max(1000)
    .default('words')
    .describe('Counts the tokens: "words", or a tokenizer.json in the lab (or that the package brings).'),
}

const fromFile = fileSchema
  .extend({
    field: field.describe(
      'The field of each line that holds the prompt: a text, or a list of the turns of a conversation.',
    ),
    idField: field.describe('The field with its id. Default: p1, p2, … by position.'),
    maxTokensField: field.describe('The field with its output tokens at most.'),
    limit: z.int().min(1).max(10_000).exactOptional().describe('Prompts at most, from the beginning of the file.'),
    turns: z.int().min(1).max(1000).exactOptional().describe('Of a conversation so many messages of the user at most.'),
  })
  .describe('A file of prompts, or a data set in JSON Lines.')

const synthetic = z
  .strictObject({
    synthetic: z.strictObject({ ...lengths, ...drawn }).describe('Prompts of one length, of ordinary words.'),
  })
  .describe('Made when planning.')

const mix = z
  .strictObject({
    mix: z
      .array(
        z.strictObject({
          ...lengths,
          share: z.number().gt(0).max(1e6).default(1).describe('Of the prompts, in relation to the other shares.'),
        }),
      )
      .min(1)
      .max(100)
      .describe('Prompts of several lengths, in an order that the seed draws.'),
    ...drawn,
  })
  .describe('Made when planning.')

const whatPromptsAre = 'must be a list of texts, or { file: ... }, { synthetic: ... } or { mix: ... }'

/** What a workload asks: a file, a list, or prompts of stated lengths that are made when planning. */
export const promptsSchema = z
  .union([fromFile, promptListSchema, synthetic, mix], {
    error: ({ input }) => (typeof input === 'object' && input !== null ? undefined : whatPromptsAre),
  })
  .describe('A file, a list of texts or { id, text }, or prompts of stated lengths: { synthetic } or { mix }.')

export type FilePrompts = z.output<typeof fromFile>
export type MadePrompts = z.output<typeof synthetic> | z.output<typeof mix>
