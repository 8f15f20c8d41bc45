import { z } from '../parse/schema.ts'

/** What a file says of its comparison. */
export const compareSchema = z
  .strictObject({
    treatment: z.array(z.string()).min(1).describe('The axes whose values make the arms; the others make strata.'),
  })
  .describe('What is compared: a block that was interrupted then runs again whole.')
