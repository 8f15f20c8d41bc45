import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'

const units = { MB: 1e6, GB: 1e9, TB: 1e12, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const
const form = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB|MiB|GiB|TiB)$/

/** A size as people write it (`8GB`, `512 MiB`, `1.5TB`), in bytes: more than zero. */
export const byteSizeSchema = z
  .string({ error: 'must be a size such as 8GB or 512MiB' })
  .transform((text, context): number => {
    const [, number, unit] = form.exec(text) ?? []
    const bytes = Math.round(Number(number) * units[unit as keyof typeof units])
    if (bytes > 0) return bytes
    const message = `must be a size such as 8GB or 512MiB; got ${quote(text)}`
    context.addIssue({ code: 'custom', message, input: text })
    return z.NEVER
  })
