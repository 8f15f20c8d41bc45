import type { StoredPost } from '../store/read-post.ts'
import { inLanguage } from './table-cells.ts'
import type { PostBindings } from './post-bindings.ts'
import { publishedFigures } from './published-figures.ts'
import { countsText, publishedParts } from './published-parts.ts'
import { publishedTables } from './published-tables.ts'
import { publishedValue } from './published-value.ts'
import type { Words } from './words.ts'

type Of = {
  stored: StoredPost
  /** What the experiment file says of it, in place of the post's own title. */
  experiment: { title?: string | undefined; question?: string | undefined }
  words: Words
  command: string
}

/** What a post on published figures is bound to: its tables as they were printed, and what came of its claims. */
export function publishedBindings({ stored, experiment, words, command }: Of): PostBindings {
  const { post, claims } = stored
  const commands = [
    { says: words('post.rebuilds'), command },
    { says: words('post.checks'), command: `${command} --check` },
  ]
  const { date } = post.source
  return {
    title: experiment.title ?? inLanguage(words, post.title),
    question: experiment.question ?? '',
    description: countsText(claims, words),
    ...(date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date) && { date }),
    tags: [],
    figures: publishedFigures(post, words),
    value: (ask) => publishedValue(stored, words, ask),
    table: (ask) => publishedTables(stored, words, ask),
    parts: publishedParts({ stored, words }, commands),
    command: `${command} --check`,
  }
}
