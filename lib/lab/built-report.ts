import type { FilledPost } from '../report/fill-post.ts'
import type { TypedNumber } from '../report/typed-numbers.ts'

/** A report or a post, made and not yet written. */
export type BuiltReport = {
  text: string
  /** Where it belongs, relative to the current folder: where reports of the lab are kept, unless said otherwise. */
  path: string
  /** What belongs to it, such as a post's images, by paths relative to the current folder. */
  beside: readonly { path: string; content: string | Uint8Array }[]
  /** What stands in a post's prose bound to nothing: it cannot be checked. */
  typed: readonly TypedNumber[]
} & Pick<FilledPost, 'pins' | 'doubts'>
