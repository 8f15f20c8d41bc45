import { z } from '../parse/schema.ts'

const text = z.string().min(1).max(300)
const said = z.strictObject({ en: text, ko: text })
const column = z.string().min(1).max(60)
const labels = z.union([column, z.strictObject({ en: column, ko: column })])
const keys = z.array(z.string().min(1).max(120)).min(1)

const caption = {
  title: said.optional().describe('What is seen. Default: made of the figures.'),
  subtitle: said.optional(),
  alt: said.optional().describe('The chart in words, for who cannot see it. Default: made of the figures.'),
}
const ofTable = {
  ...caption,
  table: column.describe('Of this post.'),
  rows: keys.optional().describe('Keys of the rows that are shown. Default: all.'),
  labels: labels
    .optional()
    .describe('A column with what rows are called, or one for each language ({ en, ko }). Default: the key.'),
}

/** A chart of a post's figures, by its kind. */
export const figureSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bars'),
    ...ofTable,
    columns: z.array(column).min(1).describe('All of one unit: a panel of bars each.'),
    sort: z.enum(['table', 'most-first', 'least-first']).optional(),
    marked: keys.optional().describe('Rows that stand out.'),
    reserved: keys.optional().describe('Cells (row/column) that an engine reserved rather than needed.'),
  }),
  z.strictObject({
    kind: z.literal('points'),
    ...ofTable,
    x: column,
    y: column,
    base: column.optional().describe('The row that others are held to.'),
    relative: z.boolean().optional().describe("Both columns as multiples of the base's."),
    frontier: z.boolean().optional().describe('A line through the rows that have the most y at their x or below.'),
    series: column.optional().describe('A column whose values have a colour and a shape each.'),
    also: z.array(column).min(1).optional().describe('More columns for the table.'),
  }),
  z.strictObject({ kind: z.literal('marginal'), ...ofTable, price: column, performance: column, base: column }),
  z.strictObject({
    kind: z.literal('cost'),
    ...ofTable,
    throughput: column,
    cost: column,
    time: column.optional(),
    series: column.optional(),
  }),
  z.strictObject({
    kind: z.literal('reading-band'),
    ...caption,
    comfortable: z.number().positive().describe('Tokens per second.'),
    tooFast: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('bits-sizes'),
    ...caption,
    models: z.array(z.strictObject({ name: text, parameters: z.number().positive() })).min(1),
    bits: z.array(z.number().positive()).min(1).describe('Per weight.'),
  }),
  z.strictObject({
    kind: z.literal('bits-ladder'),
    ...caption,
    table: column,
    labels: labels.optional(),
    bits: column.describe('A column, as the two below.'),
    bytes: column,
    perplexity: column,
  }),
])
