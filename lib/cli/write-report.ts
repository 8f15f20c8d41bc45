import { plain } from '../domain/plain.ts'
import type { ReportTemplate } from '../domain/report-template.ts'
import type { Destination } from '../lab/build-report.ts'
import type { BuiltReport } from '../lab/built-report.ts'
import { refuseForeign } from '../lab/refuse-foreign.ts'
import { placeName } from '../parse/problem.ts'
import { isStale, pinText } from '../report/stale-pin.ts'
import type { CommonOptions, Io } from './io.ts'
import { writeOutput } from './output.ts'

export type ReportOptions = CommonOptions & {
  output?: string
  all?: true
  index?: true
  open?: true
  check?: true
  watch?: true
  lang?: string
  template?: ReportTemplate
}

/** Where a report goes and how it is to be made, as far as arguments say. */
export function placeOf({ output, lang, template }: ReportOptions, io: Io): Destination {
  return {
    ...io,
    ...(output !== undefined && { path: output }),
    ...(lang !== undefined && { language: lang }),
    ...(template !== undefined && { template }),
  }
}

/** Writes a report with what belongs to it, that first; says what its author should know. */
export async function writeReport({ path, text, beside, pins, doubts }: BuiltReport, io: Io): Promise<void> {
  await refuseForeign(path, io.cwd)
  if (path !== '-') for (const { path: file, content } of beside) await writeOutput({ path: file }, [content], io)
  await writeOutput({ path }, [text], io)
  for (const { place, says } of doubts) io.stderr(`${placeName(place)}: ${plain(says)}\n`)
  for (const pin of pins.filter(isStale)) io.stderr(`${placeName(pin.place)}: ${plain(pinText(pin))}\n`)
}
