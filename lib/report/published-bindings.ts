import type { Said } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { inLanguage } from './table-cells.ts'
import type { PostBindings } from './post-bindings.ts'
import { publishedFigures } from './published-figures.ts'
import { countsText, provenanceOf, publishedParts } from './published-parts.ts'
import { publishedTables } from './published-tables.ts'
import { publishedValue } from './published-value.ts'
import type { Words } from './words.ts'

type Of = {
  stored: StoredPost
  /** What the experiment file says of it, in place of the post's own title. */
  experiment: { title?: string | undefined; question?: string | Said | undefined }
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
  const { question = '' } = experiment
  return {
    title: experiment.title ?? inLanguage(words, post.title),
    question: typeof question === 'object' ? inLanguage(words, question) : question,
    description: countsText(claims, words),
    ...(date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date) && { date }),
    provenance: provenanceOf(post, words),
    tags: [],
    figures: publishedFigures(post, words),
    value: (ask) => publishedValue(stored, words, ask),
    table: (ask) => publishedTables(stored, words, ask),
    parts: publishedParts({ stored, words }, commands),
    command: `${command} --check`,
  }
}
