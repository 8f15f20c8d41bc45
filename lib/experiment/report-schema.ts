import { reportTemplates } from '../domain/report-template.ts'
import { sourceText } from '../parse/source-text.ts'
import { checkValue } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'
import { parseYaml } from '../parse/yaml-document.ts'

/** How a file wants its report: it changes no cell and no plan. */
export const reportSchema = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be the code of a language, such as en or ko')
      .default('en')
      .describe('What the report speaks: en, ko, or the name of a file of the lab’s own reports/strings.'),
    template: z
      .enum(reportTemplates)
      .default('page')
      .describe(
        'page: all that was measured. post: prose of reports/posts, bound to it, as a page that people publish.',
      ),
  })
  .describe('How the report looks and speaks; nothing that is measured depends on it.')

/** What a file says of its report, defaults filled in. */
export type ReportSettings = z.output<typeof reportSchema>

/**
 * What an experiment file said of its report, by its text as a plan keeps it: with the plan it is frozen, and needs no place of
 * its own in the store. The defaults where it says nothing, or nothing that this version understands.
 */
export function reportSettingsOf(text: string): ReportSettings {
  const parsed = parseYaml(sourceText('experiment', text))
  const file = parsed.status === 'ok' ? parsed.value.value : undefined
  const said = typeof file === 'object' && file !== null && 'report' in file ? file.report : {}
  const checked = checkValue(reportSchema, said)
  return checked.status === 'ok' ? checked.value : reportSchema.parse({})
}
