import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { JsonObject } from '../domain/json.ts'
import { didYouMean } from '../domain/nearest.ts'
import { UserError } from '../domain/user-error.ts'
import { orThrow } from '../parse/problem.ts'
import { quote } from '../parse/quote.ts'
import { readSource } from '../parse/read-source.ts'
import { parseYaml } from '../parse/yaml-document.ts'
import { type ChartName, chartNames, type PostChartName, postChartNames } from './chart.ts'
import { type Words, wordsOf } from './words.ts'

/** What `reports/` holds: how a report looks and speaks. */
export type TemplateFiles = {
  /** Handlebars sources by name; `page` is the whole, the others are its partials. */
  templates: Readonly<Record<string, string>>
  charts: Readonly<Record<ChartName | PostChartName, JsonObject>>
  /** Vega-Lite's configuration, shared by all charts. */
  chartConfig: JsonObject
  style: string
  /** The modules of the pages' scripts by file name; `page.js` is a report's entry. */
  scripts: Readonly<Record<string, string>>
  /** All words in one language. */
  strings: JsonObject
}

/** The `reports/` that the package brings: by its own name, so that it is found from lib/ and from dist/ alike. */
export const packagedReports = join(
  dirname(createRequire(import.meta.url).resolve('benchbook/package.json')),
  'reports',
)
const maxFileBytes = 1_048_576

/** The language of what does not name one. */
export const defaultLanguage = 'en'

/**
 * Reads the packaged `reports/`, with its words in `language`; a file of the same place and name in the `reports/` of the
 * lab at `labRoot` is taken in its stead. Throws a `UserError` with all that is wrong with a file, or where there are no words in
 * that language.
 */
export async function loadTemplates(labRoot?: string, language = defaultLanguage): Promise<TemplateFiles> {
  const folders = foldersOf(labRoot)
  const unknown = await whyNoLanguage(language, labRoot)
  if (unknown !== undefined) throw new UserError(unknown)
  const text = (path: string) => readFirst(folders, path)
  const all = async (folder: string, ending: string) => {
    const names = await namesIn(folders, folder, ending)
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await text(`${folder}/${name}`)] as const)),
    )
  }
  const templates = await all('templates', '.hbs')
  const charts = await Promise.all(
    [...chartNames, ...postChartNames].map(
      async (name) => [name, await readFirstObject(folders, `charts/${name}.vl.json`)] as const,
    ),
  )
  return {
    templates: Object.fromEntries(Object.entries(templates).map(([name, source]) => [basename(name, '.hbs'), source])),
    charts: Object.fromEntries(charts) as TemplateFiles['charts'],
    chartConfig: await readFirstObject(folders, 'charts/config.json'),
    style: await text('style.css'),
    scripts: await all('scripts', '.js'),
    strings: await readFirstObject(folders, `strings/${language}.yaml`),
  }
}

/** Only the words of `loadTemplates`. Throws a `UserError` as it does. */
export async function loadWords(labRoot?: string, language = defaultLanguage): Promise<Words> {
  const unknown = await whyNoLanguage(language, labRoot)
  if (unknown !== undefined) throw new UserError(unknown)
  return wordsOf(await readFirstObject(foldersOf(labRoot), `strings/${language}.yaml`))
}

/** The languages that there are words in, of the package and of the lab at `labRoot`, by their codes. */
export async function languagesOf(labRoot?: string): Promise<string[]> {
  const names = await namesIn(foldersOf(labRoot), 'strings', '.yaml')
  return names.map((name) => basename(name, '.yaml'))
}

/** What is wrong with `language` where there are no words in it. */
export async function whyNoLanguage(language: string, labRoot?: string): Promise<string | undefined> {
  const known = await languagesOf(labRoot)
  if (known.includes(language)) return undefined
  return `there are no words in ${quote(language)}${didYouMean(language, known) || ':'} there are ${known.join(', ')}, and a lab may bring reports/strings/LANGUAGE.yaml of its own`
}

const foldersOf = (labRoot: string | undefined): string[] =>
  labRoot === undefined ? [packagedReports] : [join(labRoot, 'reports'), packagedReports]

async function namesIn(folders: readonly string[], inside: string, ending: string): Promise<string[]> {
  const found = await Promise.all(folders.map((folder) => readdir(join(folder, inside)).catch(() => [])))
  return [...new Set(found.flat())].filter((name) => name.endsWith(ending)).toSorted()
}

async function readFirst(folders: readonly string[], path: string): Promise<string> {
  return (await sourceOf(folders, path)).text.replaceAll('\r\n', '\n')
}

async function readFirstObject(folders: readonly string[], path: string): Promise<JsonObject> {
  return orThrow(parseYaml(await sourceOf(folders, path))).value as JsonObject
}

async function sourceOf(folders: readonly string[], path: string) {
  const places = folders.map((folder) => join(folder, path))
  for (const place of places.slice(0, -1)) {
    const source = await readSource({ file: place, path: place, maxBytes: maxFileBytes })
    if (source.status === 'ok' || !isAbsent(source.problems)) return orThrow(source)
  }
  const last = places.at(-1) ?? path
  return orThrow(await readSource({ file: `reports/${path}`, path: last, maxBytes: maxFileBytes }))
}

function isAbsent(problems: readonly { message: string }[]): boolean {
  return problems.some(({ message }) => message === 'is not there')
}
