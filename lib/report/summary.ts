import { checkValue } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'
import type { PlanData } from '../domain/plan-data.ts'
import type { ReportView } from './report-view.ts'
import { scriptJson } from './script-json.ts'
import type { Words } from './words.ts'

const schema = z.strictObject({
  version: z.literal(1),
  plan: z.string(),
  /** By its code and its own name. Older reports do not say it: they are in English. */
  language: z.strictObject({ code: z.string(), name: z.string() }).default({ code: 'en', name: 'English' }),
  title: z.string(),
  question: z.string(),
  kicker: z.string(),
  answer: z.string(),
  chips: z.array(z.strictObject({ text: z.string(), tone: z.enum(['plain', 'warn']) })),
  /** When its plan was made, in milliseconds since 1970. */
  atMs: z.number(),
})
/** What an index says of a report: it stands in the head of the report's own file. */
export type Summary = z.infer<typeof schema>

/** How much of a report's file is read at most to find its summary, in bytes. */
export const summaryWithin = 65_536
const element = /<script type="application\/json" id="summary">([^<]*)<\/script>/

/** The summary of a report. */
export function summaryOf({ head, answer }: ReportView, { plan }: PlanData, words: Words): Summary {
  return {
    version: 1,
    plan: plan.id,
    language: { code: words('language'), name: words('language-name') },
    title: head.title,
    question: head.question,
    kicker: head.kicker,
    answer: answer.parts.map(({ text }) => text).join(''),
    chips: head.chips.map(({ text, tone }) => ({ text, tone })),
    atMs: plan.createdAtMs,
  }
}

/** As the page carries it. */
export const summaryJson = (summary: Summary): string => scriptJson(summary)

/** The summary in the first bytes of a report's file; `undefined` where it has none that can be understood. */
export function summaryIn(html: string): Summary | undefined {
  const text = element.exec(html)?.[1]
  if (text === undefined) return undefined
  const checked = checkValue(schema, jsonOf(text))
  return checked.status === 'ok' ? checked.value : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
