import type { PostFigure } from './post-figure.ts'

/** What a helper in a post asks for: its words in their order, its options by name, all as text. */
export type PostAsk = { words: readonly string[]; options: Readonly<Record<string, string>> }

/** A value as it stands in a sentence; `doubt` is what its author should know of it, such as that no valid trial is behind it. */
export type BoundValue = { text: string; doubt?: string }

/** A cell of a table; `note` is the number of one of the table's notes, from 1. */
export type BoundCell = { text: string; numeric: boolean; slanted?: boolean; note?: number }
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

/** A part of a post that has no choice: it stands where its name does. */
export type PostPart =
  | { kind: 'sentence'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; table: BoundTable }

/**
 * What a post's prose is bound to: a measured plan, or figures that others have published. Texts are as they are: who writes the post
 * escapes them. `value`, `ratio` and `table` throw an `AskProblem` where they cannot answer.
 */
export type PostBindings = {
  title: string
  question: string
  /** The answer in a sentence; empty where there is none. */
  description: string
  /** `2026-11-20`, in UTC: when its data was taken. */
  date?: string
  tags: readonly string[]
  /** In the order in which a report shows them. */
  figures: readonly PostFigure[]
  value: (ask: PostAsk) => BoundValue
  ratio?: (ask: PostAsk) => BoundValue
  table: (ask: PostAsk) => readonly BoundTable[]
  /** By the name that a post calls them by: `answer`, `method`, `claims`. */
  parts: Readonly<Record<string, readonly PostPart[]>>
  /** The command that makes it anew. */
  command: string
}

/** Why something cannot be bound: what is wrong, what there is. Its place in the post is added where it is caught. */
export class AskProblem extends Error {
  override readonly name = 'AskProblem'
}
