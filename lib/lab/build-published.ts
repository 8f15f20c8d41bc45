import { basename, join, relative } from 'node:path'
import { quoted } from '../domain/quoted.ts'
import { publishedBindings } from '../report/published-bindings.ts'
import { loadPost } from '../report/post-files.ts'
import type { PostBindings } from '../report/post-bindings.ts'
import { type Summary, summaryJson } from '../report/summary.ts'
import { loadTemplates } from '../report/template-files.ts'
import { type Words, wordsOf } from '../report/words.ts'
import type { Store } from '../store/store.ts'
import type { Destination } from './build-report.ts'
import type { BuiltReport } from './built-report.ts'
import { builtPost } from './build-post.ts'
import { findLab } from './lab.ts'
import { outputPath } from './output-path.ts'
import { type CheckedPost, publishPost } from './publish-post.ts'

type Of = { file: string; checked: CheckedPost }

/**
 * The page of published results, or the post on them, and where it belongs. The store keeps the post as it is now, and what is made is
 * made of that.
 */
export async function buildPublished(store: Store, { file, checked }: Of, place: Destination): Promise<BuiltReport> {
  const { experiment } = checked
  const own = experiment.report?.language ?? 'en'
  const language = place.language ?? own
  const labRoot = findLab(place.cwd).root
  const template = await loadTemplates(labRoot, language)
  const words = wordsOf(template.strings)
  const name = `${experiment.name}${language === own ? '' : `.${language}`}.html`
  const path = outputPath(relative(place.cwd, join(labRoot, 'reports', 'out', name)), place)
  const stored = publishPost(store, checked)
  const command = `benchbook report ${quoted(file)} --lang ${language} -o ${quoted(path === '-' ? '-' : basename(path))}`
  const source = await loadPost(labRoot, { name: experiment.name, language, otherwise: 'published' })
  const bindings = publishedBindings({ stored, experiment, words, command })
  const built = await builtPost(source, {
    bindings,
    template,
    placing: { labRoot, language, path },
    summary: summaryJson(summaryOf(bindings, words)),
    printed: `@page { @top-left { content: '${experiment.name}' } }\n`,
  })
  return { path, ...built }
}

/** What an index says of it: it has no plan, and its time is that of the post. */
function summaryOf({ title, question, description, date }: PostBindings, words: Words): Summary {
  return {
    version: 1,
    plan: '',
    language: { code: words('language'), name: words('language-name') },
    title,
    question,
    kicker: [words('claims.published'), ...(date === undefined ? [] : [date])].join(' · '),
    answer: description,
    chips: [],
    atMs: date === undefined ? 0 : Date.parse(date),
  }
}
