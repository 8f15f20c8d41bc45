import { hasInterval, insteadOf, isShare, scaleOf } from '../domain/compared-metric.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'

const names = Object.keys(metrics) as Metric[]
const directed = names.filter((name) => metrics[name].better !== 'neither')

const arm = z.record(z.string(), z.json())

/** `2%` as 0.02; a number where a metric is compared by differences. `undefined`: it is neither. */
function marginOf(metric: Metric, given: string | number): number | undefined {
  if (typeof given === 'number') return scaleOf(metric) === 'difference' ? given : undefined
  const [, percent] = /^(\d{1,3}(?:\.\d{1,4})?) ?%$/.exec(given) ?? []
  if (percent === undefined || (scaleOf(metric) === 'difference' && !isShare(metric))) return undefined
  return Number((Number(percent) / 100).toPrecision(12))
}

/** What a margin has to be, in words. */
function formOf(metric: Metric): string {
  if (isShare(metric)) return 'must be percentage points such as 1%, or the same as a number such as 0.01'
  if (scaleOf(metric) === 'ratio') return 'must be a percentage such as 2%'
  const { unit } = metrics[metric]
  return unit === ''
    ? 'can be 0, so that its margin is a difference: must be a number such as 0.1'
    : `can be 0, so that its margin is a difference: must be a number of ${unit} such as 2`
}

const mostOf = (metric: Metric) => (scaleOf(metric) === 'ratio' || isShare(metric) ? 1 : 1e9)

const margins = z
  .partialRecord(z.enum(directed as [Metric, ...Metric[]]), z.union([z.string(), z.number()]))
  .refine((given) => Object.keys(given).length > 0, {
    message: 'name at least one metric, such as decode_tps: 2%',
    when: ({ issues }) => issues.length === 0, // a metric that is misspelled is none, and has been told
  })
  .transform((given, context): { metric: Metric; margin: number }[] =>
    Object.entries(given).flatMap(([name, text]) => {
      const metric = name as Metric
      const refuse = (message: string) => {
        context.addIssue({ code: 'custom', message, path: [metric], input: text })
        return []
      }
      if (!hasInterval(metric))
        return refuse(
          `has no interval, so that no verdict can be given on it: declare ${insteadOf(metric)} in its place`,
        )
      const margin = marginOf(metric, text)
      if (margin !== undefined && margin > 0 && margin <= mostOf(metric)) return { metric, margin }
      const limits = margin === undefined ? '' : mostOf(metric) === 1 ? ', above 0 and at most 100%' : ', above 0'
      return refuse(`${formOf(metric)}${limits}; got ${quote(text)}`)
    }),
  )

/** What a file says of its comparison. */
export const compareSchema = z
  .strictObject({
    treatment: z.array(z.string()).min(1).describe('The axes whose values make the arms; the others make strata.'),
    pairs: z
      .array(
        z.strictObject({
          base: arm.describe('The arm that is A: values of treatment axes.'),
          against: arm.describe('The arm that is B.'),
        }),
      )
      .min(1)
      .max(1000)
      .optional()
      .describe('Which arms are compared. Default: each with the first.'),
    metrics: margins
      .optional()
      .describe('The metrics that are compared, each with what counts as little: { decode_tps: 2%, ttft_ms: 5% }.'),
  })
  .describe('What is compared, frozen before anything runs; a block that was interrupted then runs again whole.')
