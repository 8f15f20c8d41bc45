import { loadPost } from '../../lib/report/post-files.ts'
import { postMarkdown } from '../../lib/report/post-markdown.ts'
import { publishedBindings } from '../../lib/report/published-bindings.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { readHardware } from '../../lib/published/read-hardware.ts'
import { readPost } from '../../lib/published/read-post.ts'
import type { StoredPost } from '../../lib/store/read-post.ts'
import { publishPost } from '../../lib/lab/publish-post.ts'
import { checkClaims } from '../../lib/verdict/check-claims.ts'
import { temporaryStore } from '../store/example.ts'

export const postNames = [
  'bllossom-awq',
  'gpu-survey',
  'local-llm-terms',
  'ollama-machines',
  'openshift-llama2',
] as const

const packageRoot = new URL('../..', import.meta.url).pathname
const roots = { labRoot: packageRoot, packageRoot }

/** A packaged post as a store has it. */
export async function storedPost(name: string): Promise<StoredPost> {
  const post = await readPost(name, roots)
  using lab = temporaryStore()
  return publishPost(lab.store, { post, claims: checkClaims(post, await readHardware(roots)) })
}

/** A packaged post, in a language, with all that makes a page or Markdown of it. */
export async function publishedOf(name: string, language: 'en' | 'ko') {
  const template = await loadTemplates(undefined, language)
  const stored = await storedPost(name)
  const command = `benchbook report experiments/${name}.yaml --lang ${language} -o ${name}.md`
  const experiment = { question: 'Why?' }
  const bindings = publishedBindings({ stored, experiment, words: wordsOf(template.strings), command })
  return { stored, template, bindings, language, source: await loadPost('/nowhere', { name, language }) }
}

/** The same as Markdown with its images. */
export async function publishedMarkdown(name: string, language: 'en' | 'ko') {
  const { source, ...of } = await publishedOf(name, language)
  return postMarkdown(source, { ...of, images: { folder: name, url: name, format: 'svg' } })
}
