import type { JsonValue } from '../domain/json.ts'
import type { FilledPost } from './fill-post.ts'
import type { PostBindings } from './post-bindings.ts'
import type { PostSource } from './post-source.ts'

/** What stands above a post, its own words first: title, description, date, language, tags, then what else its author wrote. */
export type ShownHead = {
  title: string
  description: string
  date: string | undefined
  lang: string
  tags: readonly string[]
  others: Readonly<Record<string, JsonValue>>
}

type Filled = Pick<FilledPost, 'title' | 'description'>

/** What the author left out is taken from what the post is bound to. */
export function shownHead(
  { head }: PostSource,
  filled: Filled,
  { bindings, language }: { bindings: PostBindings; language: string },
): ShownHead {
  const { title: _title, description: _description, date, lang, tags, images: _images, ...others } = head
  return {
    title: filled.title ?? bindings.title,
    description: filled.description ?? bindings.description,
    date: date ?? bindings.date,
    lang: lang ?? language,
    tags: tags ?? bindings.tags,
    others: others as ShownHead['others'],
  }
}

/** As YAML front matter, which Jekyll and Hugo read; `note` is a line for whoever opens the file. */
export function frontMatter({ title, description, date, lang, tags, others }: ShownHead, note: string): string {
  const lines = [
    `# ${note.replaceAll(/\s+/g, ' ')}`,
    `title: ${yaml(title)}`,
    ...(description === '' ? [] : [`description: ${yaml(description)}`]),
    ...(date === undefined ? [] : [`date: ${/^[\d:TZ+ .-]+$/.test(date) ? date : yaml(date)}`]),
    `lang: ${yaml(lang)}`,
    `tags: ${yaml([...tags])}`,
    ...Object.entries(others).map(([key, value]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : yaml(key)}: ${yaml(value)}`),
  ]
  return `---\n${lines.join('\n')}\n---\n`
}

/** JSON is YAML, however hostile the text; what reads lines would take these marks for ends of lines. */
function yaml(value: JsonValue): string {
  return JSON.stringify(value).replaceAll(
    /[\u0085\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
