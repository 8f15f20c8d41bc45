import { type Metric, metrics } from '../domain/metric.ts'
import { z } from '../parse/schema.ts'

const names = Object.keys(metrics) as Metric[]
const ofRequests = names.filter((name) => metrics[name].level === 'request' && metrics[name].better === 'lower')

/** What a request has to meet to count as good. */
export const objectivesSchema = z
  .partialRecord(
    z.enum(ofRequests as [Metric, ...Metric[]]),
    z.number({ error: 'must be a number of milliseconds without a unit, such as 500' }).gt(0).max(1e9),
  )
  .refine((objectives) => Object.keys(objectives).length > 0, {
    message: 'name at least one metric, such as ttft_ms: 500',
    when: ({ issues }) => issues.length === 0, // a metric that is misspelled is none, and has been told
  })
  .describe(
    'What a good request has: metrics of requests and the most that each may be, such as { ttft_ms: 500, tpot_ms: 50 }.',
  )
