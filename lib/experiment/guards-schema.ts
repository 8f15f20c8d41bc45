import type { Guards } from '../domain/guard.ts'
import { z } from '../parse/schema.ts'

const action = z.enum(['wait', 'refuse', 'warn', 'ignore'])
const defaultAboveCelsius = 75

const temperature = z
  .union([
    action,
    z.strictObject({
      above: z.number().min(0).max(150).default(defaultAboveCelsius).describe('Degrees Celsius.'),
      // oxlint-disable-next-line unicorn/no-thenable -- a word, in a file: nothing that is awaited
      then: action,
    }),
  ])
  .default('ignore')
  .describe('The processor is hot: above 75 degrees Celsius, or { above: 80, then: wait }.')

/** What a file says of its guards; a word is short for `then`. */
export const guardsSchema = z
  .strictObject({
    temperature,
    foreignGpuTenant: action.default('warn').describe('Another program computes on the GPU that a launch uses.'),
    battery: action.default('warn').describe('The machine runs on its battery.'),
  })
  .describe('Before each launch: wait until it has passed, refuse to measure, warn in the report, or ignore it.')

/** Guards with everything written out. */
export function guardsOf({ temperature: heat, foreignGpuTenant, battery }: z.output<typeof guardsSchema>): Guards {
  return {
    temperature:
      typeof heat === 'string'
        ? { above: defaultAboveCelsius, action: heat }
        : { above: heat.above, action: heat.then },
    foreignGpuTenant: { action: foreignGpuTenant },
    battery: { action: battery },
  }
}
