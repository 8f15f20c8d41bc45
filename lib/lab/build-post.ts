import { basename, dirname, join } from 'node:path'
import type { PlanData } from '../domain/plan-data.ts'
import type { ObservedRequests } from '../report/observed-requests.ts'
import { pageHeader } from '../report/page-header.ts'
import { planBindings } from '../report/plan-bindings.ts'
import type { PostBindings } from '../report/post-bindings.ts'
import { loadPost } from '../report/post-files.ts'
import { type ImagePlace, postMarkdown } from '../report/post-markdown.ts'
import { postPage } from '../report/post-page.ts'
import type { PostSource } from '../report/post-source.ts'
import { digestsOf } from '../report/render-report.ts'
import { reportView } from '../report/report-view.ts'
import { summaryJson, summaryOf } from '../report/summary.ts'
import type { TemplateFiles } from '../report/template-files.ts'
import { typedNumbers } from '../report/typed-numbers.ts'
import { wordsOf } from '../report/words.ts'
import type { BuiltReport } from './built-report.ts'

type BuiltPost = Omit<BuiltReport, 'path'>
type Material = { data: PlanData; observed: ObservedRequests; template: TemplateFiles }
export type PostPlacing = { labRoot: string; language: string; path: string }

/** The post on a measured plan: `reports/posts/NAME.md`, NAME that of the experiment, or the one that fits every plan. */
export async function planPost({ data, observed, template }: Material, placing: PostPlacing): Promise<BuiltPost> {
  const words = wordsOf(template.strings)
  const view = reportView(data, words, digestsOf(data, observed, template), observed)
  const source = await loadPost(placing.labRoot, { name: data.plan.experiment.name, language: placing.language })
  return builtPost(source, {
    bindings: planBindings({ data, observed, view, words, command: commandOf(data, placing) }),
    template,
    placing,
    summary: summaryJson(summaryOf(view, data, words)),
    printed: pageHeader(data.plan),
  })
}

/** What makes it again. Of its place only the name is told: folders are the machine's own affair. */
function commandOf({ plan }: PlanData, { language, path }: PostPlacing): string {
  const template = path.endsWith('.md') ? '' : ' --template post'
  const file = path === '-' ? '-' : basename(path)
  return `benchbook report ${plan.id}${template} --lang ${language} -o ${shellWord(file)}`
}

const shellWord = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

type Post = { bindings: PostBindings; template: TemplateFiles; placing: PostPlacing; summary: string; printed: string }

/** A post as its place asks for it: Markdown with its images, or a page. */
export async function builtPost(source: PostSource, { placing, ...post }: Post): Promise<BuiltPost> {
  const { path, language } = placing
  const typed = typedNumbers(source)
  if (!path.endsWith('.md')) {
    const { html, doubts, ...found } = await postPage(source, { ...post, language })
    return { ...found, doubts: [...standsFor(source), ...doubts], typed, text: html, beside: [] }
  }
  const { images, doubts, ...found } = await postMarkdown(source, {
    ...post,
    language,
    images: imagePlace(source, path),
  })
  const beside = images.map(({ path: image, content }) => ({ path: join(dirname(path), image), content }))
  return { ...found, doubts: [...standsFor(source), ...doubts], typed, beside }
}

function standsFor({ file, insteadOf }: PostSource): BuiltPost['doubts'] {
  if (insteadOf === undefined) return []
  return [{ place: { file: insteadOf }, says: `is not there: made of ${file} in its stead` }]
}

/** In a folder of the post's name, unless its author says otherwise; a bundle's `index.md` has `images` for it. */
function imagePlace({ head: { images } }: PostSource, path: string): ImagePlace {
  const name = basename(path, '.md')
  const asked = { format: undefined, folder: undefined, url: undefined, ...images }
  const folder = asked.folder ?? (name === 'index' ? 'images' : name)
  return { format: asked.format ?? 'svg', folder, url: (asked.url ?? folder).replace(/\/+$/, '') }
}
