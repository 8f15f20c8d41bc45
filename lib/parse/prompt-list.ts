import type { Prompt } from '../domain/cell.ts'
import { quote } from './quote.ts'
import { z } from './schema.ts'

export const wholeText = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds NUL or half of a character: take it out')

const words = z.array(wholeText.max(10_000)).min(1).max(100).exactOptional()

/** What an answer is held to. */
export const expectedSchema = z
  .strictObject({
    exact: wholeText.max(100_000).exactOptional().describe('The whole answer, without white space around it.'),
    contains: words.describe('Texts that each occur in the answer.'),
    anyOf: words.describe('Texts of which one occurs in the answer at least.'),
    excludes: words.describe('Texts none of which occurs in the answer.'),
    ignoreCase: z.boolean().exactOptional().describe('Capital letters are as small ones. Default: false.'),
  })
  .refine((expected) => Object.keys(expected).some((key) => key !== 'ignoreCase'), {
    message: 'says nothing of the answer: give exact, contains, anyOf or excludes',
  })
  .describe('What the answer is checked for; the share of answers that pass is check_share.')

const promptSchema = z.union([
  wholeText,
  z
    .strictObject({
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
      expected: expectedSchema.exactOptional(),
    })
    .refine((prompt) => prompt.expected === undefined || !Object.hasOwn(prompt, 'then'), {
      message: 'is for a prompt with one answer, and this one is a conversation (then): take one of them out',
      path: ['expected'],
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
