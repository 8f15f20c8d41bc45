import { z } from '../parse/schema.ts'
import { reportSchema } from './report-schema.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'must be letters, digits, ".", "_" and "-", 80 at most')

const question = z.string().min(1).max(1000)

/** An experiment file of what somebody published: nothing of it runs. */
export const publishedSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors; otherwise ignored.'),
  name: name.describe('Short, for lists and file names.'),
  title: z.string().min(1).max(300).optional().describe("The head of the report. Default: the post's."),
  question: z
    .union([question, z.strictObject({ en: question, ko: question })])
    .optional()
    .describe('What the figures are to answer; in each language: { en, ko }.'),
  published: name.describe('A folder of data/published, in place of axes: figures of a post. Nothing runs.'),
  report: reportSchema.optional(),
})

export type PublishedExperiment = Omit<z.output<typeof publishedSchema>, '$schema'>
