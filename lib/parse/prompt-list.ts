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
    // oxlint-disable-next-line unicorn/no-thenable -- the key in the file
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
    const prompts = items.map((item, index) => promptOf(item, `p${index + 1}`))
    const seen = new Map<string, number>()
    for (const [index, { id }] of prompts.entries()) {
      const first = seen.get(id)
      if (first === undefined) seen.set(id, index)
      else {
        const message = `prompt ${index + 1} has the id ${quote(id)}, as prompt ${first + 1} has: give it another`
        context.addIssue({ code: 'custom', message, path: [index], input: items })
      }
    }
    return prompts
  })

function promptOf(item: z.output<typeof promptSchema>, id: string): Prompt {
  if (typeof item === 'string') return { id, text: item }
  const { then: followUps, ...rest } = item
  return { ...rest, id: item.id ?? id, ...(followUps && { followUps }) }
}
