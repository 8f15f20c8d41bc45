import { fillPost } from '../../lib/report/fill-post.ts'
import { parsePost } from '../../lib/report/post-source.ts'
import { fixture } from './fixture.ts'
import { bindingsOf } from './post-of.ts'

const once = bindingsOf(fixture({ models: ['demo'], threads: [1] }))

/** A post filled, of a plan that ran once where no other is given; a figure is its name. */
export function filled(text: string, bindings = once) {
  return fillPost(
    parsePost('reports/posts/mine.md', text),
    bindings,
    ({ id }, { table }) => `[${id}${table ? ' table' : ''}]`,
  )
}
export const bodyOf = (text: string, bindings = once) => filled(text, bindings).body.trim()

/** Why a post is refused. */
export function refusal(text: string, bindings = once): string {
  try {
    filled(text, bindings)
  } catch (error) {
    return (error as Error).message
  }
  return 'not refused'
}
