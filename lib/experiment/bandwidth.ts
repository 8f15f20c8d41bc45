import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'

const units = { GB: 1e9, TB: 1e12 } as const
const form = /^(\d{1,6}(?:\.\d{1,3})?) ?(GB|TB)\/s$/

/** How fast a memory can be read, as data sheets write it (`50GB/s`, `3.35 TB/s`), in bytes per second: more than zero. */
export const bandwidthSchema = z
  .string({ error: 'must be a rate such as 50GB/s or 3.35TB/s' })
  .transform((text, context): number => {
    const [, number, unit] = form.exec(text) ?? []
    const bytesPerSecond = Math.round(Number(number) * units[unit as keyof typeof units])
    if (bytesPerSecond > 0) return bytesPerSecond
    const message = `must be a rate such as 50GB/s or 3.35TB/s; got ${quote(text)}`
    context.addIssue({ code: 'custom', message, input: text })
    return z.NEVER
  })
