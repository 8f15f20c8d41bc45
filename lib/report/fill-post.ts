import Handlebars from 'handlebars'
import { UserError } from '../domain/user-error.ts'
import { type Problem, problemsError } from '../parse/problem.ts'
import { quote } from '../parse/quote.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import { markdownTable } from './markdown-table.ts'
import { AskProblem, type BoundValue, type PostAsk, type PostBindings, type PostPart } from './post-bindings.ts'
import type { PostFigure } from './post-figure.ts'
import { pickFigures } from './pick-figures.ts'
import type { PostSource } from './post-source.ts'

/** Where in a post's file something stands, from 1. */
export type PostPlace = { file: string; line: number; column: number }
/** A value that the prose around it was written for: `is` then, `now` today. */
export type Pin = { place: PostPlace; is: string; now: string }
export type FilledPost = {
  /** Markdown. */
  body: string
  /** Those that it shows, each once, in their order. */
  figures: readonly PostFigure[]
  pins: readonly Pin[]
  /** What the author should know of a value. */
  doubts: readonly { place: PostPlace; says: string }[]
}
/** How a figure stands in the Markdown. */
export type WriteFigure = (figure: PostFigure, options: { table: boolean }) => string

type Found = {
  figures: Set<PostFigure>
  pins: Pin[]
  doubts: { place: PostPlace; says: string }[]
  problems: Problem[]
}
type Call = { words: unknown[]; options: Handlebars.HelperOptions & { loc?: Located } }
type Located = { start: { line: number; column: number } }

/** Fills a post with what it is bound to. Throws a `UserError` with everything that cannot be bound, each with its place. */
export function fillPost(source: PostSource, bindings: PostBindings, writeFigure: WriteFigure): FilledPost {
  const found: Found = { figures: new Set(), pins: [], doubts: [], problems: [] }
  const helpers = helpersOf(bindings, found, writeFigure)
  const handlebars = Handlebars.create()
  handlebars.unregisterHelper('log')
  handlebars.unregisterHelper('lookup')
  for (const [name, answer] of Object.entries(helpers))
    handlebars.registerHelper(name, (...given: unknown[]) => answered(source, found, callOf(given), answer))
  const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]))
  const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: known }
  const body = rendered(
    source,
    () => handlebars.compile(source.body, options)(contextOf(bindings)),
    namesOf(bindings, helpers),
  )
  if (found.problems.length > 0) throw problemsError(found.problems)
  const { figures, pins, doubts } = found
  return { body: `${body.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`, figures: [...figures], pins, doubts }
}

type Answer = (ask: PostAsk, place: PostPlace) => string

function helpersOf(bindings: PostBindings, found: Found, writeFigure: WriteFigure): Record<string, Answer> {
  const figures = (picked: readonly PostFigure[], { options }: PostAsk) => {
    for (const figure of picked) found.figures.add(figure)
    return picked.map((figure) => writeFigure(figure, { table: options['table'] === 'true' })).join('\n\n')
  }
  const bound = (bind: (ask: PostAsk) => BoundValue) => (ask: PostAsk, place: PostPlace) => {
    const { is, ...options } = ask.options
    const { text, doubt } = bind({ ...ask, options })
    if (is !== undefined) found.pins.push({ place, is, now: text })
    if (doubt !== undefined) found.doubts.push({ place, says: doubt })
    return markdownText(text)
  }
  const { ratio } = bindings
  return {
    value: bound(bindings.value),
    ...(ratio !== undefined && { ratio: bound(ratio) }),
    table: (ask) => bindings.table(ask).map(markdownTable).join('\n\n'),
    chart: (ask) => figures(pickFigures(bindings.figures, ask, 'one'), ask),
    charts: (ask) => figures(pickFigures(bindings.figures, ask, 'all'), ask),
  }
}

/** What a post names without asking for anything in particular. */
function contextOf({ title, question, parts }: PostBindings): Record<string, string> {
  const blocks = Object.entries(parts).map(([name, all]) => [name, all.map(partText).join('\n\n')])
  return { title: markdownText(title), question: markdownText(question), ...Object.fromEntries(blocks) }
}

function partText(part: PostPart): string {
  switch (part.kind) {
    case 'sentence':
      return markdownText(part.text)
    case 'list':
      return part.items.map((item) => `- ${markdownText(item)}`).join('\n')
    case 'code':
      return markdownCode(part.text)
    case 'table':
      return markdownTable(part.table)
  }
}

function callOf(given: readonly unknown[]): Call {
  return { words: given.slice(0, -1), options: given.at(-1) as Call['options'] }
}

/** What cannot be bound is told at the end, with all else that cannot. */
function answered(
  { file, bodyLine }: PostSource,
  { problems }: Found,
  { words, options }: Call,
  answer: Answer,
): string {
  const { line = 1, column = 0 } = options.loc?.start ?? {}
  const place = { file, line: line + bodyLine - 1, column: column + 1 }
  const named = Object.entries(options.hash as Record<string, unknown>).map(([name, value]) => [name, String(value)])
  try {
    return answer({ words: words.map(String), options: Object.fromEntries(named) }, place)
  } catch (error) {
    if (!(error instanceof AskProblem)) throw error
    problems.push({ place, message: error.message })
    return ''
  }
}

function namesOf({ parts }: PostBindings, helpers: Record<string, Answer>): string {
  return [...Object.keys(helpers), 'title', 'question', ...Object.keys(parts)].join(', ')
}

/** Handlebars' own complaints, with their place in the file. */
function rendered(source: PostSource, render: () => string, names: string): string {
  try {
    return render()
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error
    const place = placeIn(error)
    if (place === undefined) throw error
    const message = placeless(error.message, names)
    throw problemsError([
      {
        place: {
          file: source.file,
          line: place.line + source.bodyLine - 1,
          ...(place.column && { column: place.column }),
        },
        message,
      },
    ])
  }
}

function placeIn(
  error: Error & { lineNumber?: number; column?: number },
): { line: number; column?: number } | undefined {
  const [, line] = /^Parse error on line (\d+)/.exec(error.message) ?? []
  if (line !== undefined) return { line: Number(line) }
  const [, at, column] = / - (\d+):(\d+)$/.exec(error.message) ?? []
  return at === undefined ? undefined : { line: Number(at), column: Number(column) + 1 }
}

function placeless(message: string, names: string): string {
  const [, unknown] = /"([^"]+)" not defined|unknown helper (\S+)/.exec(message)?.filter(Boolean) ?? []
  if (unknown !== undefined) return `there is no {{${unknown}}}: a post has ${names}`
  const [, until] = /^Parse error on line \d+:\n(.*)\n/.exec(message) ?? []
  if (until === undefined) return `is no Handlebars: ${message}`
  return `cannot be read beyond ${quote(until)}: a {{…}} is not closed, or a word in it is missing`
}
