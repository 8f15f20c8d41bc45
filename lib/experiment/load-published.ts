import { checkDocument } from '../parse/check-value.ts'
import { orThrow, problemsError } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { maxDocumentBytes, parseYaml, type SourceDocument } from '../parse/yaml-document.ts'
import { type PublishedExperiment, publishedSchema } from './published-schema.ts'

/** Whether an experiment file is of published results: nothing of it runs. */
export const isPublished = ({ value }: Pick<SourceDocument, 'value'>): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'published')

/**
 * An experiment file of published results; `undefined` for one that runs. Throws a `UserError` with all that is wrong with it, each
 * with its place.
 */
export async function loadPublished({
  file,
  path,
}: {
  file: string
  path: string
}): Promise<PublishedExperiment | undefined> {
  const source = await readSource({ file, path, maxBytes: maxDocumentBytes })
  if (source.status === 'failed') return undefined // whoever reads it as one that runs says why
  const document = parseYaml(source.value)
  if (document.status === 'failed' || !isPublished(document.value)) return undefined
  return orThrow(checkDocument(publishedSchema, document.value))
}

/** What is said where a published experiment is to run. */
export function nothingRuns(document: SourceDocument): Error {
  return problemsError([
    {
      place: document.place(['published'], 'key'),
      message: 'these are published results, nothing of them runs: benchbook report makes their page',
    },
  ])
}
