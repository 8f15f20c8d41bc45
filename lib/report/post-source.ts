import type { JsonValue } from '../domain/json.ts'
import { checkDocument } from '../parse/check-value.ts'
import { orThrow, type Place, problemsError } from '../parse/problem.ts'
import { z } from '../parse/schema.ts'
import { sourceText } from '../parse/source-text.ts'
import { parseYaml } from '../parse/yaml-document.ts'

const formats = ['svg', 'png'] as const
export type ImageFormat = (typeof formats)[number]

const images = z.union([
  z.enum(formats).transform((format) => ({ format })),
  z.strictObject({
    format: z.enum(formats).optional(),
    folder: z.string().min(1).max(300).optional(),
    url: z.string().min(1).max(300).optional(),
  }),
])

const text = z.string().max(2000)
const head = z.looseObject({
  title: text.optional(),
  description: text.optional(),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}/, 'must be a date such as 2026-11-20')
    .optional(),
  lang: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en')
    .optional(),
  tags: z.array(text).optional(),
  images: images.optional(),
})

/** What stands above a post; keys that are not ours go through as they are. */
export type PostHead = z.output<typeof head>

/** A post as its author wrote it. */
export type PostSource = {
  file: string
  head: PostHead & Readonly<Record<string, JsonValue | undefined>>
  /** Where in the file title and description are, if they are its author's. */
  places: { readonly [key in 'title' | 'description']?: Place }
  body: string
  /** The file of the lab that it stands for, where that is not there. */
  insteadOf?: string
  /** The line of the file, from 1, on which the body begins. */
  bodyLine: number
  /** Where the file lies, and the author's pictures with it; absent where it is no file. */
  folder?: string
}

const matter = /^---[ \t]*\n([\s\S]*?)^---[ \t]*(?:\n|$)/m

/** Takes a post's front matter from its body. Throws a `UserError` with all that is wrong with it. */
export function parsePost(file: string, content: string): PostSource {
  const source = content.replaceAll('\r\n', '\n')
  const found = source.startsWith('---') ? matter.exec(source) : null
  if (found === null || found.index !== 0) {
    if (!/^---[ \t]*\n[\w-]+:/.test(source)) return { file, head: {}, places: {}, body: source, bodyLine: 1 }
    const message = 'begins front matter that does not end: put a line of --- below it'
    throw problemsError([{ place: { file, line: 1, column: 1 }, message }])
  }
  const [whole, yaml = ''] = found
  // The empty line stands for the marks: places are those of the file.
  const document = orThrow(parseYaml(sourceText(file, `\n${yaml}`)))
  const checked = document.value === null ? {} : orThrow(checkDocument(head, document))
  const bodyLine = whole.split('\n').length
  const places = Object.fromEntries(
    ['title', 'description'].map((key) => {
      const { snippet: _, ...place } = document.place([key])
      return [key, place]
    }),
  )
  return { file, head: checked as PostSource['head'], places, body: source.slice(whole.length), bodyLine }
}
