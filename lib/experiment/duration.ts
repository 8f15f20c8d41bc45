import { UserError } from '../domain/user-error.ts'
import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const
const form = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/
const longestMs = 7 * 24 * unitMs.h

/** A duration as people write it (`500ms`, `30s`, `2m`, `1.5h`), in milliseconds: more than zero, a week at most. */
export const durationSchema = z
  .string({ error: 'must be a duration such as 500ms, 30s or 2m' })
  .transform((text, context): number => {
    const [, number, unit] = form.exec(text) ?? []
    const ms = Math.round(Number(number) * unitMs[unit as keyof typeof unitMs])
    if (ms > 0 && ms <= longestMs) return ms
    const message = `must be a duration such as 500ms, 30s or 2m, a week at most; got ${quote(text)}`
    context.addIssue({ code: 'custom', message, input: text })
    return z.NEVER
  })

/** The milliseconds of a duration that stands on a command line. Throws a `UserError` that names `where`. */
export function durationMs(text: string, where: string): number {
  const parsed = durationSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new UserError(`${where}: ${parsed.error.issues[0]?.message ?? 'must be a duration such as 30s or 2m'}`)
}
