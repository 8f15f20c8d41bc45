import { z } from '../parse/schema.ts'
import { figureSchema } from './figure-schema.ts'

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'must be lower-case letters, digits, ".", "_" and "-", 80 at most')
/** A column's name stands in formulas as it is. */
const columnName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be lower-case letters, digits and "_", 60 at most')
const text = z.string().min(1).max(2000)
const said = z.strictObject({ en: text, ko: text }).describe('The same in each language: en, ko.')
const lines = z.array(z.int().min(1)).default([]).describe("Lines of the post's text, counted from 1.")

const column = z.strictObject({
  title: said,
  unit: z.string().min(1).max(40).optional(),
  role: z.enum(['key', 'measured', 'derived', 'fact']).describe('key names the row; derived has a formula.'),
  formula: text
    .optional()
    .describe("How its cells follow from others of their row: tokens / seconds, or at('table', 'row', 'column')."),
  check: text
    .optional()
    .describe("What the cells of a column that is not derived are held to: hardware(gpu, 'price.usd')."),
  decimals: z
    .int()
    .min(0)
    .max(20)
    .optional()
    .describe('That the post says its cells have: 1.3 that stands for 1.30 is compared as that.'),
  line: z.int().min(1).optional().describe("Of the post's text, where it has the table sideways."),
})

const table = z.strictObject({
  file: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,79}\.csv$/, 'must be a CSV file beside post.yaml')
    .describe('CSV with a head: the names of the columns, and, where rows have lines of the text, line.'),
  number: z.string().min(1).max(40).optional().describe('What the post calls it.'),
  title: said,
  remark: said.optional().describe('Said below it: of what was measured here, when, with what and on what.'),
  own: z
    .literal(true)
    .optional()
    .describe('Computed or measured beside the post: no claim of it, and not in v_published.'),
  columns: z.record(columnName, column),
})

const claim = z.strictObject({
  says: said,
  lines,
  formula: text.optional().describe('A number that follows from the tables, compared with printed.'),
  printed: z.string().min(1).max(60).optional().describe('The number as the post has it, with all its digits.'),
  unit: z.string().min(1).max(40).optional(),
  test: text.optional().describe('A comparison that holds or does not.'),
  untestable: said.optional().describe('Why nothing here can be held against it.'),
})

/** `data/published/<post>/post.yaml`. */
export const postSchema = z.strictObject({
  $schema: z.string().optional(),
  title: said,
  source: z.strictObject({
    title: text.describe('As the post has it.'),
    by: text.optional(),
    url: z.url().optional(),
    date: text.optional().describe('When it was published.'),
    measured: text.optional().describe('Where its figures come from, if they are not its own.'),
  }),
  tables: z.record(name, table),
  figures: z.record(name, figureSchema).default({}).describe('Charts of the tables, as its page calls them.'),
  claims: z.record(name, claim).default({}),
  slips: z
    .array(z.strictObject({ of: text, cause: said, lines }))
    .default([])
    .describe('What is known of a claim, or of a cell (table/row/column), that differs.'),
  notes: z.array(z.strictObject({ says: said, lines })).default([]),
})

export type PostFile = z.output<typeof postSchema>

const price = z
  .union([
    z.strictObject({ usd: z.number().positive(), source: text, date: text }),
    z.strictObject({ usdPerHour: z.number().positive(), source: text, date: text }),
  ])
  .describe('In US dollars: to buy it (usd), or to rent it (usdPerHour).')

/** `data/hardware.yaml`. */
export const hardwareSchema = z.record(
  name,
  z.strictObject({
    title: text,
    kind: z.enum(['gpu', 'machine', 'instance']),
    gpus: z.strictObject({ name, count: z.int().min(1) }).optional(),
    memoryGb: z.number().positive().optional(),
    vramGb: z.number().positive().optional(),
    busBits: z.int().positive().optional(),
    bandwidthGbS: z.number().positive().optional().describe('Of memory, in 10⁹ bytes a second.'),
    cores: z.int().positive().optional(),
    tdpW: z.number().positive().optional(),
    chip: z.string().min(1).max(40).optional(),
    transistorsBillion: z.number().positive().optional(),
    dieMm2: z.number().positive().optional(),
    shaders: z.int().positive().optional(),
    tensorCores: z.int().positive().optional(),
    l2Mb: z.number().positive().optional(),
    released: z.iso.date().optional(),
    price: price.optional(),
    source: text,
    date: z.iso.date().describe('When it was read.'),
  }),
)
