import { boundTwin } from './bound-table.ts'
import { chartPng } from './chart-png.ts'
import { type FilledPost, fillPost } from './fill-post.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownText } from './markdown-text.ts'
import type { PostBindings } from './post-bindings.ts'
import { type PostFigure, postFigureSpec } from './post-figure.ts'
import { frontMatter, shownHead } from './post-head.ts'
import type { ImageFormat, PostSource } from './post-source.ts'
import { staticChart } from './static-chart.ts'
import type { TemplateFiles } from './template-files.ts'

/** Where a post's images are: `folder` relative to the post, `url` as the post names it. */
export type ImagePlace = { folder: string; url: string; format: ImageFormat }
/** A post as Markdown, with its images by their paths relative to it. */
export type MarkdownPost = Pick<FilledPost, 'pins' | 'doubts'> & {
  text: string
  images: readonly { path: string; content: string | Uint8Array }[]
}

/** How the line begins that tells a post that was written from one that is an author's. */
export const writtenMark = 'Written by benchbook report'

type Options = { bindings: PostBindings; template: TemplateFiles; language: string; images: ImagePlace }

/** A post as Markdown with front matter: the same bytes for the same data, templates and place. */
export async function postMarkdown(
  source: PostSource,
  { bindings, template, language, images }: Options,
): Promise<MarkdownPost> {
  const filled = fillPost(source, bindings, (figure, { table }) => pictured(figure, images, table))
  const note = `${writtenMark} from ${source.file}: edit that, not this.`
  const head = frontMatter(shownHead(source, filled, { bindings, language }), note)
  const drawn = filled.figures.map(async (figure) => {
    const svg = await staticChart(postFigureSpec(figure, template), template.style)
    const path = `${images.folder}/${figure.id}`
    return [
      { path: `${path}.svg`, content: `${svg}\n` },
      { path: `${path}.png`, content: chartPng(svg) },
    ]
  })
  return { ...filled, text: `${head}\n${filled.body}`, images: (await Promise.all(drawn)).flat() }
}

/** The picture, what it is of, and where the author wants it its figures as a table. */
function pictured(
  { id, title, subtitle, reading = '', alt = title, twin }: PostFigure,
  { url, format }: ImagePlace,
  table: boolean,
): string {
  const link = `${url === '' ? '' : `${url}/`}${id}.${format}`.split('/').map(encodeURIComponent).join('/')
  return [
    `![${markdownText(alt)}](${link.replace(/^(https?)%3A/, '$1:')})`,
    `**${markdownText(title)}.** ${markdownText([subtitle, reading].filter((part) => part !== '').join('; '))}`,
    ...(table ? [markdownTable(boundTwin(twin))] : []),
  ].join('\n\n')
}
