import type { FilledPost } from '../report/fill-post.ts'

/** A report or a post, made and not yet written. */
export type BuiltReport = {
  text: string
  /** Where it belongs, relative to the current folder: where reports of the lab are kept, unless said otherwise. */
  path: string
  /** What belongs to it, such as a post's images, by paths relative to the current folder. */
  beside: readonly { path: string; content: string | Uint8Array }[]
} & Pick<FilledPost, 'pins' | 'doubts'>
