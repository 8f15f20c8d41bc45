import type { Price } from '../domain/price.ts'
import { z } from '../parse/schema.ts'

const usd = z.number().gt(0).max(1e9)
const kinds = ['usdPerHour', 'usd', 'usdPerMtok'] as const
const ofBought = ['years', 'hoursPerDay', 'watts', 'usdPerKwh'] as const

/** What using hardware costs: rented, bought, or by the token. It changes nothing that is measured, and so no cell's id. */
export const priceSchema = z
  .strictObject({
    usdPerHour: usd.exactOptional().describe('US dollars for an hour, where it is rented.'),
    usd: usd.exactOptional().describe('US dollars that it cost, where it was bought.'),
    usdPerMtok: usd
      .exactOptional()
      .describe('US dollars for a million output tokens, where an API is paid by the token.'),
    years: z.number().gt(0).max(100).exactOptional().describe('Over which what was bought is written off.'),
    hoursPerDay: z.number().gt(0).max(24).exactOptional().describe('In use on an average day. Default: 24.'),
    watts: z.number().gt(0).max(1e6).exactOptional().describe('Drawn while in use.'),
    usdPerKwh: usd.exactOptional().describe('US dollars for a kilowatt-hour.'),
    source: z.string().min(1).max(1000).describe('Where the price was read, and when.'),
  })
  .superRefine((price, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message, input: price })
    if (kinds.filter((each) => price[each] !== undefined).length !== 1)
      complain('needs one of usdPerHour (rented), usd (bought) and usdPerMtok (an API), and no other of them')
    const given = ofBought.filter((each) => price[each] !== undefined)
    if (price.usd === undefined && given.length > 0)
      complain(`${given.join(', ')}: only what was bought (usd) has that`)
    if ((price.watts === undefined) !== (price.usdPerKwh === undefined))
      complain('watts and usdPerKwh make the price of energy together: give both')
    if (price.usd !== undefined && price.years === undefined && given.length > 0)
      complain('needs years: over how many the price is spread')
  })
  .transform((price) => price as Price)
  .describe('What using it costs, for usd_per_mtok and per_usd.')
