import { type Problem, problemsError } from '../parse/problem.ts'
import { markdownCode, markdownLine, markdownText } from './markdown-text.ts'
import { markdownTable, plainNumber, type WriteNumber } from './markdown-table.ts'
import { pickFigures } from './pick-figures.ts'
import { type BoundTable, type BoundValue, type PostBindings, type PostPart } from './post-bindings.ts'
import { AskProblem, flagOf, type PostAsk } from './post-ask.ts'
import type { PostFigure } from './post-figure.ts'
import { parseProse, type Position, type Prose, type ProseAsk } from './post-prose.ts'
import type { PostSource } from './post-source.ts'

type Place = Problem['place']
/** A value that the prose around it was written for: `is` then, `now` today. */
export type Pin = { place: Place; is: string; now: string }
export type FilledPost = {
  /** Of its author, bound as the prose is; nothing where the author has none. */
  title: string | undefined
  description: string | undefined
  /** Markdown. */
  body: string
  /** Those that it shows, each once, in their order. */
  figures: readonly PostFigure[]
  pins: readonly Pin[]
  /** What the author should know of a value. */
  doubts: readonly { place: Place; says: string }[]
}
/** How a figure stands in the Markdown. */
export type WriteFigure = (figure: PostFigure, options: { table: boolean }) => string
/** How what few ask for stands in the Markdown: open below its title, where it cannot be closed. */
export type WriteFold = (title: string, markdown: string) => string
const openFold: WriteFold = (title, markdown) => `**${title}**\n\n${markdown}`
export type Writing = { figure: WriteFigure; fold: WriteFold; number: WriteNumber }

type Found = { figures: Set<PostFigure>; pins: Pin[]; doubts: { place: Place; says: string }[]; problems: Problem[] }
type Answer = (ask: PostAsk, place: Place) => string
/** What prose may name and ask for, and what stands there then. */
type Scope = { named: ReadonlyMap<string, string>; asked: ReadonlyMap<string, Answer> }

/** Fills a post with what it is bound to. Throws a `UserError` with everything that cannot be bound, each with its place. */
export function fillPost(
  source: PostSource,
  bindings: PostBindings,
  writeFigure: WriteFigure,
  inPage: Partial<Omit<Writing, 'figure'>> = {},
): FilledPost {
  const found: Found = { figures: new Set(), pins: [], doubts: [], problems: [] }
  const { file, bodyLine, head, places } = source
  const inHead = headScope(bindings, found)
  const [title, description] = (['title', 'description'] as const).map((key) => {
    const text = head[key]
    return text === undefined ? undefined : filled(text, inHead, found, () => places[key] ?? { file })
  })
  const placeOf = ({ line, column }: Position) => ({ file, line: line + bodyLine - 1, column })
  const writing = { figure: writeFigure, fold: openFold, number: plainNumber, ...inPage }
  const body = filled(source.body, bodyScope(bindings, found, writing), found, placeOf)
  const { figures, pins, doubts, problems } = found
  if (problems.length > 0) throw problemsError(problems)
  const { provenance } = bindings
  const whole = provenance === undefined ? body : `> ${markdownLine(provenance)}\n\n${body.trimStart()}`
  const text = `${whole.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`
  return { title, description, body: text, figures: [...figures], pins, doubts }
}

function filled(text: string, scope: Scope, found: Found, placeOf: (at: Position) => Place): string {
  const names = { named: [...scope.named.keys()], asked: [...scope.asked.keys()] }
  const { prose, problems } = parseProse(text, names, placeOf)
  found.problems.push(...problems)
  return rendered(prose, scope, found)
}

function rendered(prose: Prose, scope: Scope, found: Found): string {
  return prose
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind !== 'if') return answered(node, scope, found)
      const shown = new Set(found.figures)
      const there = answered(node.what, scope, found) !== ''
      found.figures = shown // what is only asked about is not shown
      return rendered(there === node.unless ? node.otherwise : node.body, scope, found)
    })
    .join('')
}

/** What cannot be bound is told at the end, with all else that cannot. */
function answered(node: ProseAsk | { kind: 'named'; name: string }, scope: Scope, { problems }: Found): string {
  if (node.kind === 'named') return scope.named.get(node.name) ?? ''
  try {
    return scope.asked.get(node.name)?.(node, node.place) ?? ''
  } catch (error) {
    if (!(error instanceof AskProblem)) throw error
    problems.push({ place: node.place, message: error.message })
    return ''
  }
}

function bodyScope(bindings: PostBindings, found: Found, { figure: writeFigure, fold, number }: Writing): Scope {
  const { title, question, parts } = bindings
  const figures = (picked: readonly PostFigure[], { options }: PostAsk) => {
    for (const figure of picked) found.figures.add(figure)
    return picked.map((figure) => writeFigure(figure, { table: flagOf(options, 'table') })).join('\n\n')
  }
  const bound = boundTo(found, ({ text, source }) => {
    const written = markdownText(text)
    return source === undefined ? written : number(written, source)
  })
  return {
    named: new Map([
      ['title', markdownText(title)],
      ['question', markdownText(question)],
      ...Object.entries(parts).map(([name, all]) => [name, partsText(all, fold)] as const),
    ]),
    asked: new Map<string, Answer>([
      ...valuesOf(bindings, bound),
      ['table', (ask) => tablesText(bindings.table(ask), number)],
      ['chart', (ask) => figures(pickFigures(bindings.figures, ask, 'one'), ask)],
      ['charts', (ask) => figures(pickFigures(bindings.figures, ask, 'all'), ask)],
    ]),
  }
}

/** A head is plain text, in a line. */
function headScope(bindings: PostBindings, found: Found): Scope {
  const { title, question } = bindings
  const asked = valuesOf(
    bindings,
    boundTo(found, ({ text }) => text),
  )
  return { named: new Map(Object.entries({ title, question })), asked: new Map(asked) }
}

/** What can stand in a sentence. */
function valuesOf({ value, ratio, verdict }: PostBindings, bound: ReturnType<typeof boundTo>): [string, Answer][] {
  return Object.entries({ value, ratio, verdict }).flatMap(([name, bind]) =>
    bind === undefined ? [] : [[name, bound(bind)]],
  )
}

const tablesText = (tables: readonly BoundTable[], number: WriteNumber) =>
  tables.map((table) => markdownTable(table, number)).join('\n\n')

function boundTo(found: Found, written: (value: BoundValue) => string) {
  return (bind: (ask: PostAsk) => BoundValue): Answer =>
    (ask, place) => {
      const { is, ...options } = ask.options
      const value = bind({ ...ask, options })
      const { text, doubt } = value
      if (is !== undefined) found.pins.push({ place, is, now: text })
      if (doubt !== undefined) found.doubts.push({ place, says: doubt })
      return written(value)
    }
}

const partsText = (parts: readonly PostPart[], fold: WriteFold): string =>
  parts.map((part) => partText(part, fold)).join('\n\n')

function partText(part: PostPart, fold: WriteFold): string {
  switch (part.kind) {
    case 'sentence':
      return markdownLine(part.text)
    case 'list':
      return [
        ...(part.title === undefined ? [] : [`**${markdownText(part.title)}**`]),
        part.items.map((item) => `- ${markdownLine(item)}`).join('\n'),
      ].join('\n\n')
    case 'fold':
      return fold(markdownText(part.title), partsText(part.parts, fold))
    case 'code':
      return markdownCode(part.text)
    case 'table':
      return markdownTable(part.table)
  }
}
