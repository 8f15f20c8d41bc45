import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { checkDocument } from '../parse/check-value.ts'
import { orThrow, problemsError, type Checked } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import type { SourceText } from '../parse/source-text.ts'
import { maxDocumentBytes, parseYaml, type SourceDocument } from '../parse/yaml-document.ts'
import { mergeCatalogues, type Catalogue, type CatalogueSource } from './catalogue.ts'
import { isPublished, nothingRuns } from './load-published.ts'
import { catalogueSchema, experimentSchema, type ExperimentFile } from './schema.ts'

/** An experiment file with the catalogues that it may name entries of. */
export type LoadedExperiment = {
  file: ExperimentFile
  document: SourceDocument
  text: string
  catalogue: Catalogue
}

/** `path` is read; `file` is the name that messages and the plan give it. */
export type ExperimentLocation = { file: string; path: string; labRoot: string; packageRoot: string }

/**
 * Reads an experiment file and the catalogues: those of the package and of the lab are the YAML files in their
 * `data/catalogue/`. Throws a `UserError` with everything that is wrong, each with its place.
 */
export async function loadExperiment({
  file,
  path,
  labRoot,
  packageRoot,
}: ExperimentLocation): Promise<LoadedExperiment> {
  const catalogues = await catalogueSources({ labRoot, packageRoot })
  const source = orThrow(await readSource({ file, path, maxBytes: maxDocumentBytes }))
  return parseExperiment(source, catalogues)
}

type Roots = { labRoot: string; packageRoot: string }

async function catalogueSources({ labRoot, packageRoot }: Roots): Promise<CatalogueSource[]> {
  const builtIn = await readCatalogues(packageRoot, 'built-in')
  const lab = labRoot === packageRoot ? [] : await readCatalogues(labRoot, 'lab')
  return [...builtIn, ...lab]
}

/** What every experiment of a lab may name. Throws a `UserError` with everything that is wrong, each with its place. */
export async function loadCatalogue(roots: Roots): Promise<Catalogue> {
  const { catalogue, problems } = mergeCatalogues(await catalogueSources(roots))
  if (problems.length > 0) throw problemsError(problems)
  return catalogue
}

/** Parses an experiment file over catalogues that have been read. Throws a `UserError` as `loadExperiment` does. */
export function parseExperiment(source: SourceText, catalogues: readonly CatalogueSource[]): LoadedExperiment {
  const document = orThrow(parseYaml(source))
  if (document.value === null)
    throw problemsError([{ place: { file: source.file }, message: 'is empty: an experiment has a name, and axes' }])
  if (isPublished(document)) throw nothingRuns(document)
  const file = orThrow(checkDocument(experimentSchema, document))
  const { catalogue, problems } = mergeCatalogues([...catalogues, { document, from: 'file' }])
  if (problems.length > 0) throw problemsError(problems)
  return { file, document, text: source.text, catalogue }
}

async function readCatalogues(root: string, from: CatalogueSource['from']): Promise<CatalogueSource[]> {
  const folder = join(root, 'data', 'catalogue')
  const names = await namesIn(folder)
  const paths = names
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name))
  const read = await Promise.all(paths.map((path) => readCatalogue(path, relative(root, path))))
  const problems = read.flatMap((checked) => (checked.status === 'failed' ? checked.problems : []))
  if (problems.length > 0) throw problemsError(problems)
  return read.flatMap((checked) => (checked.status === 'ok' ? [{ document: checked.value, from }] : []))
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw new UserError(`${folder}: may not be read: check its permissions`, undefined, { cause: error })
  }
}

async function readCatalogue(path: string, file: string): Promise<Checked<SourceDocument>> {
  const source = await readSource({ file, path, maxBytes: maxDocumentBytes })
  if (source.status === 'failed') return source
  const parsed = parseYaml(source.value)
  if (parsed.status === 'failed') return parsed
  const checked = checkDocument(catalogueSchema, parsed.value)
  return checked.status === 'failed' ? checked : parsed
}
