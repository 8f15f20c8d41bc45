import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'

type Quantity = {
  /** A number and a name of `units`, in two groups. */
  form: RegExp
  units: Readonly<Record<string, number>>
  /** What a message says that it must be: `a size such as 8GB or 512MiB`. */
  what: string
}

/** A number with its unit as people write it, in the smallest unit, whole: more than zero. */
export const quantitySchema = ({ form, units, what }: Quantity) =>
  z.string({ error: `must be ${what}` }).transform((text, context): number => {
    const [, number, unit = ''] = form.exec(text) ?? []
    const value = Math.round(Number(number) * (units[unit] ?? Number.NaN))
    if (value > 0) return value
    context.addIssue({ code: 'custom', message: `must be ${what}; got ${quote(text)}`, input: text })
    return z.NEVER
  })
