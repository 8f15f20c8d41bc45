import { withBoundUnits } from './bound-units.ts'
import { chartRuntime, runtimeNotice } from './chart-runtime.ts'
import { drawChart } from './draw-chart.ts'
import { type FilledPost, fillPost } from './fill-post.ts'
import { figureBlock, foldBlock, markdownHtml, pictureSources } from './markdown-html.ts'
import { renderPage } from './page.ts'
import { pageScript } from './page-script.ts'
import { inlineText, policyOf } from './policy.ts'
import type { PostBindings } from './post-bindings.ts'
import { type PostFigure, postFigureSpec } from './post-figure.ts'
import type { WriteNumber } from './markdown-table.ts'
import { PostNumbers } from './post-numbers.ts'
import { postPictures } from './post-pictures.ts'
import { shownHead } from './post-head.ts'
import type { PostSource } from './post-source.ts'
import { scriptJson } from './script-json.ts'
import type { TemplateFiles } from './template-files.ts'

/** A post as one HTML page. */
export type PostPage = Pick<FilledPost, 'pins' | 'doubts'> & { html: string }

type Options = {
  bindings: PostBindings
  template: TemplateFiles
  language: string
  /** What an index says of it, as JSON; `null` where none lists it. */
  summary: string
  /** CSS for the head of printed pages. */
  printed: string
}

/** A post as one HTML page that works offline, by `reports/templates/post.hbs`: the same bytes wherever it is made. */
export async function postPage(
  source: PostSource,
  { bindings, template, language, summary, printed }: Options,
): Promise<PostPage> {
  const numbers = new PostNumbers()
  const number: WriteNumber = (text, behind) => numbers.linked(text, behind)
  const filled = fillPost(source, bindings, ({ id }) => figureBlock(id), { fold: foldBlock, number })
  const head = shownHead(source, filled, { bindings, language })
  const say = withBoundUnits(template.strings) as Readonly<Record<string, Readonly<Record<string, string>>>>
  const figures = await Promise.all(
    filled.figures.map(async (figure) => [figure.id, await figureHtml(figure, template, say)] as const),
  )
  const sources = pictureSources(filled.body)
  const pictures = await postPictures(source, sources)
  const tableLabel = say['post']?.['table'] ?? ''
  const runtime = inlineText(await chartRuntime(), 'script', 'the chart runtime')
  const script = inlineText(await pageScript(template.scripts, 'page.js'), 'script', 'reports/scripts')
  const style = inlineText(template.style + printed, 'style', 'reports/style.css')
  const html = renderPage(
    template.templates,
    {
      head: { ...head, date: head.date ?? '' },
      body: markdownHtml(filled.body, { figures: new Map(figures), pictures, tableLabel }),
      numbers: numbers.rows(),
      command: bindings.command,
      say,
      words: scriptJson(template.strings['tools']),
      summary,
      policy: policyOf({ scripts: [runtime, script], style, pictures: sources.length > 0 }),
      style,
      runtime,
      runtimeNotice,
      script,
    },
    'post',
  )
  return { html, pins: filled.pins, doubts: filled.doubts }
}

async function figureHtml(figure: PostFigure, template: TemplateFiles, say: object): Promise<string> {
  // What its samples are is in the report, not here.
  const { head, rows } = figure.twin
  const twin = { head, rows: rows.map((row) => row.map((cell) => ({ ...cell, href: '' }))) }
  const drawn = {
    ...figure,
    twin,
    label: `${figure.title}. ${figure.alt ?? figure.subtitle}`,
    reading: figure.reading ?? '',
    drawing: await drawChart(postFigureSpec(figure, template)),
  }
  return renderPage(template.templates, { ...drawn, say }, 'figure')
}
