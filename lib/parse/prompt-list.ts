import type { Prompt } from '../domain/cell.ts'
import { quote } from './quote.ts'
import { z } from './schema.ts'

export const wholeText = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds NUL or half of a character: take it out')

const promptSchema = z.union([
  wholeText,
  z.strictObject({
    id: wholeText.max(200).optional().describe('Names the prompt in the results. Default: p1, p2, … by position.'),
    text: wholeText.describe('What the model is given.'),
    maxTokens: z
      .int()
      .min(1)
      .max(10_000_000)
      .exactOptional()
      .describe("Output tokens at most, in place of the workload's."),
    then: z
      .array(wholeText)
      .min(1)
      .max(1000)
      .exactOptional()
      .describe(
        "A conversation's later messages of the user, each sent when the answer before it has ended; in a chat.",
      ),
  }),
])

/** A list of prompts as people write it, each text alone or with an id, made into prompts with distinct ids. */
export const promptListSchema = z
  .array(promptSchema)
  .min(1)
  .max(10_000)
  .transform((items, context): Prompt[] => {
    const prompts = items.map((item, index) =>
      typeof item === 'string' ? { id: `p${index + 1}`, text: item } : { ...item, id: item.id ?? `p${index + 1}` },
    )
    const seen = new Set<string>()
    for (const [index, { id }] of prompts.entries()) {
      if (seen.has(id)) {
        const message = `a second prompt has the id ${quote(id)}: ids must differ`
        context.addIssue({ code: 'custom', message, path: [index], input: items })
      }
      seen.add(id)
    }
    return prompts
  })
