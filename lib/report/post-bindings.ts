import type { PostAsk } from './post-ask.ts'
import type { PostFigure } from './post-figure.ts'
import type { PostSample } from './post-sample.ts'

/** A value as it stands in a sentence; `doubt` is what its author should know of it, such as that no valid trial is behind it. */
export type BoundValue = { text: string; doubt?: string; source?: BoundSource }

/** What is behind a number that was measured, in a sentence and sample by sample; of a ratio, of both of its sides. */
export type BoundSource = { says: string; samples: readonly PostSample[] }

/** A cell of a table; `note` is the number of one of the table's notes, from 1. */
export type BoundCell = { text: string; numeric: boolean; slanted?: boolean; note?: number; source?: BoundSource }
export type BoundTable = {
  /** Stands above it where one name is of several tables; else empty. */
  title: string
  head: readonly BoundCell[]
  rows: readonly (readonly BoundCell[])[]
  /** What the marks in its cells lead to. */
  notes: readonly string[]
  /** What is said of the whole below it. */
  remark?: string
}

/** A line of text; where its `linked` stands it leads to `href`, if that is an address of the web. */
export type PostLine = string | { text: string; linked: string; href: string }

/** A part of a post that has no choice: it stands where its name does. */
export type PostPart =
  | { kind: 'sentence'; text: PostLine }
  | { kind: 'list'; title?: string; items: readonly PostLine[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; table: BoundTable }
  /** Asked for by few: a page has it closed. */
  | { kind: 'fold'; title: string; parts: readonly PostPart[] }

/**
 * What a post's prose is bound to: a measured plan, or figures that others have published. Texts are as they are: who writes the post
 * escapes them. `value`, `ratio`, `verdict` and `table` throw an `AskProblem` where they cannot answer.
 */
export type PostBindings = {
  title: string
  question: string
  /** The answer in a sentence; empty where there is none. */
  description: string
  /** Whose figures these are: stands above everything, whatever its author writes. Absent where they were measured here. */
  provenance?: PostLine
  /** `2026-11-20`, in UTC: when its data was taken. */
  date?: string
  tags: readonly string[]
  /** In the order in which a report shows them. */
  figures: readonly PostFigure[]
  value: (ask: PostAsk) => BoundValue
  ratio?: (ask: PostAsk) => BoundValue
  verdict?: (ask: PostAsk) => BoundValue
  table: (ask: PostAsk) => readonly BoundTable[]
  /** By the name that a post calls them by: `answer`, `method`, `claims`. */
  parts: Readonly<Record<string, readonly PostPart[]>>
  /** The command that makes it anew. */
  command: string
}
