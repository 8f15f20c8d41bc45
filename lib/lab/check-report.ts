import type { LoadedExperiment } from '../experiment/load-experiment.ts'
import { problemsError } from '../parse/problem.ts'
import { whyNoLanguage } from '../report/template-files.ts'

/**
 * Throws a `UserError` where the report that an experiment file asks for could not be made: to be told before anything is
 * measured, and not after it.
 */
export async function checkReport({ file, document }: LoadedExperiment, labRoot: string): Promise<void> {
  if (file.report === undefined) return
  const message = await whyNoLanguage(file.report.language, labRoot)
  if (message === undefined) return
  const path = ['report', 'language']
  throw problemsError([{ place: document.place(path), message: `${path.join('.')}: ${message}` }])
}
