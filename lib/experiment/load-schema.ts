import { byKind } from '../parse/by-kind.ts'
import { z } from '../parse/schema.ts'
import { durationSchema } from './duration.ts'

const count = z.int().min(1)
const defaultRequests = 10
const perSecond = z.number().gt(0).max(100_000)
const rate = z
  .union([perSecond, z.literal('auto')], 'must be arrivals per second, from above 0 to 100000, or auto')
  .describe(
    'Arrivals per second. auto: the highest at which 95 % of the requests meet the objectives, found by probing.',
  )

const until = {
  requests: count
    .max(1_000_000)
    .optional()
    .describe(
      'Measured requests of a trial, all clients together. Default: 10, or all of a trace, where there is no duration.',
    ),
  duration: durationSchema
    .optional()
    .describe('In place of requests: for how long they are sent; those in flight at its end are cut off.'),
}
const open = {
  clients: count
    .max(10_000)
    .default(64)
    .describe('Requests that can be under way at once; an arrival that finds none free waits, which is kept apart.'),
  seed: z.int().min(0).max(0xffff_ffff).default(42).describe('Draws the arrivals.'),
  ...until,
}

const closed = z
  .strictObject({
    kind: z.literal('closed').default('closed'),
    clients: count.max(10_000).default(1).describe('Each sends its next request when its last one has ended.'),
    ...until,
  })
  .describe('Each client sends its next request when its last one has ended.')

const constant = z
  .strictObject({ kind: z.literal('constant'), ratePerSecond: rate, ...open })
  .describe('Arrivals at equal distances.')
const poisson = z
  .strictObject({ kind: z.literal('poisson'), ratePerSecond: rate, ...open })
  .describe('Arrivals as of many users who know nothing of each other.')
const gamma = z
  .strictObject({
    kind: z.literal('gamma'),
    ratePerSecond: rate,
    variation: z
      .number()
      .min(0.01)
      .max(100)
      .default(2)
      .describe('Coefficient of variation of the gaps: 1 is poisson, more comes in bunches.'),
    ...open,
  })
  .describe('Arrivals in bunches, or more even than by chance.')
const burst = z
  .strictObject({
    kind: z.literal('burst'),
    size: count.max(100_000).describe('Arrivals at once.'),
    every: durationSchema.describe('From one burst to the next.'),
    ...open,
  })
  .describe('Many at once, again and again.')
const ramp = z
  .strictObject({
    kind: z.literal('ramp'),
    fromPerSecond: z.number().min(0).max(100_000),
    toPerSecond: z.number().min(0).max(100_000),
    ...open,
  })
  .describe('A rate that rises or falls evenly over the whole load.')
const trace = z
  .strictObject({
    kind: z.literal('trace'),
    file: z
      .string()
      .min(1)
      .describe('A file in the lab: a time in seconds on each line, or JSON Lines with a field timestamp.'),
    speed: z.number().gt(0).max(1000).default(1).describe('2 is twice as fast as it was recorded.'),
    ...open,
  })
  .describe('Arrivals as they were recorded.')

/** When requests are sent. */
export const loadSchema = byKind([closed, constant, poisson, gamma, burst, ramp, trace])
  .refine(({ requests, duration }) => requests === undefined || duration === undefined, {
    message: 'says when a trial ends, and so does requests: leave one of them out',
    path: ['duration'],
  })
  .transform(({ requests, duration, ...rest }) => {
    if (duration !== undefined) return { ...rest, duration }
    if (requests === undefined && rest.kind === 'trace') return rest // it ends with its last arrival
    return { ...rest, requests: requests ?? defaultRequests }
  })
  .describe('When requests are sent.')
