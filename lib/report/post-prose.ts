import Handlebars from 'handlebars'
import { didYouMean } from '../domain/nearest.ts'
import type { Problem } from '../parse/problem.ts'
import { type Braces, bracesIn, bracesProblems, literalHint, type PlaceAt, shown } from './post-braces.ts'

/** What stands in a post, in its order: of Handlebars only that, so that no text of a post is ever run. */
export type Prose = readonly ProseNode[]
type ProseNode =
  | { kind: 'text'; text: string }
  | { kind: 'named'; name: string }
  | ProseAsk
  | { kind: 'if'; what: Asked; unless: boolean; body: Prose; otherwise: Prose }
/** `{{value metric="decode_tps" …}}` */
export type ProseAsk = {
  kind: 'ask'
  name: string
  words: readonly string[]
  options: Readonly<Record<string, string>>
  place: Problem['place']
}
type Asked = Extract<ProseNode, { kind: 'named' | 'ask' }>

/** What may be named, and what may be asked for. */
export type ProseNames = { named: readonly string[]; asked: readonly string[] }

/** Reads prose: what can stand in a post, or everything that cannot, with its place. */
export function parseProse(text: string, names: ProseNames, firstLine: (at: Position) => Problem['place']) {
  const placeAt: PlaceAt = (offset) => firstLine(positionOf(text, offset))
  const unbalanced = bracesProblems(text, placeAt)
  if (unbalanced.length > 0) return { prose: [], problems: unbalanced }
  const program = programOf(text)
  if (typeof program === 'string') return { prose: [], problems: unreadable(text, placeAt, program) }
  const reader = new Reader(names, firstLine)
  return { prose: reader.program(program), problems: reader.problems }
}

/** In the text, from 1. */
export type Position = { line: number; column: number }

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** What Handlebars makes of it, or what it says. */
function programOf(text: string): hbs.AST.Program | string {
  try {
    return Handlebars.parse(text)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return error.message
  }
}

/** Those of its braces that mean nothing by themselves. */
function unreadable(text: string, placeAt: PlaceAt, message: string): Problem[] {
  const wrong = bracesIn(text).all.filter((braces) => typeof programOf(alone(braces)) === 'string')
  if (wrong.length === 0) return [{ place: placeAt(0), message: `cannot be read: ${message.split('\n')[0]}` }]
  return wrong.map((braces) => ({
    place: placeAt(braces.start),
    message: `${shown(braces)} cannot be read: it is {{name}}, {{name option="value"}} or {{#if name}}; ${literalHint}`,
  }))
}

function alone({ text }: Braces): string {
  const [, block] = /^\{\{~?[#^]\s*([\w.]+)/.exec(text) ?? []
  if (block !== undefined) return `${text}{{/${block}}}`
  return /^\{\{~?\/|^\{\{~?\s*else/.test(text) ? '' : text
}

type Expression = hbs.AST.Expression

class Reader {
  readonly problems: Problem[] = []
  readonly #names: ProseNames
  readonly #placeOf: (at: Position) => Problem['place']

  constructor(names: ProseNames, placeOf: (at: Position) => Problem['place']) {
    this.#names = names
    this.#placeOf = placeOf
  }

  program(program: hbs.AST.Program | undefined | null): Prose {
    return (program?.body ?? []).flatMap((statement) => this.#statement(statement) ?? [])
  }

  #statement(node: hbs.AST.Statement): ProseNode | undefined {
    switch (node.type) {
      case 'ContentStatement':
        return { kind: 'text', text: (node as hbs.AST.ContentStatement).value }
      case 'CommentStatement':
        return undefined
      case 'MustacheStatement':
        return this.#asked(node as hbs.AST.MustacheStatement)
      case 'BlockStatement':
        return this.#block(node as hbs.AST.BlockStatement)
      default:
        return this.#refuse(node, `a post has no partials and no decorators: ${literalHint}`)
    }
  }

  #block(node: hbs.AST.BlockStatement): ProseNode | undefined {
    const { path, params, program, inverse } = node
    const name = path.original
    if (name !== 'if' && name !== 'unless')
      return this.#refuse(node, `there is no {{#${name}}}: a post has {{#if …}} and {{#unless …}}; ${literalHint}`)
    const [condition, more] = params
    if (condition === undefined || more !== undefined || node.hash !== undefined)
      return this.#refuse(
        node,
        `{{#${name}}} takes one thing, as in {{#${name} question}} or {{#${name} (charts "memory")}}`,
      )
    const what =
      condition.type === 'SubExpression'
        ? this.#asked(condition as hbs.AST.SubExpression)
        : this.#named(condition, [], condition)
    const [body, otherwise] = [this.program(program), this.program(inverse)]
    return what && { kind: 'if', what, unless: name === 'unless', body, otherwise }
  }

  #asked(node: hbs.AST.MustacheStatement | hbs.AST.SubExpression): Asked | undefined {
    const name = nameOf(node.path)
    if (!this.#names.asked.includes(name)) return this.#named(node.path, [...node.params, ...pairsOf(node)], node)
    const before = this.problems.length
    const words = node.params.map((each) => this.#literal(each, (text) => `"${text}"`))
    const options = pairsOf(node).map(
      ({ key, value }) => [key, this.#literal(value, (text) => `${key}="${text}"`)] as const,
    )
    const twice = options.find(([key], at) => options.findIndex(([other]) => other === key) !== at)
    if (twice !== undefined) return this.#refuse(node, `${twice[0]} is given twice`)
    if (this.problems.length > before) return undefined
    return { kind: 'ask', name, words, options: Object.fromEntries(options), place: this.#place(node) }
  }

  /** A part of a post by its name, which takes nothing. */
  #named(path: Expression, given: readonly hbs.AST.Node[], at: hbs.AST.Node): Asked | undefined {
    const name = nameOf(path)
    const { named, asked } = this.#names
    if (asked.includes(name)) return this.#refuse(at, `{{${name}}} stands in brackets here, as in (${name} …)`)
    if (!named.includes(name)) {
      const all = [...asked, ...named]
      return this.#refuse(
        at,
        `there is no {{${name}}}${didYouMean(name, all) || ':'} a post has ${all.join(', ')}; ${literalHint}`,
      )
    }
    if (given.length > 0) return this.#refuse(at, `{{${name}}} takes nothing`)
    return { kind: 'named', name }
  }

  #literal(value: Expression, quoted: (text: string) => string): string {
    if (value.type === 'StringLiteral' || value.type === 'NumberLiteral' || value.type === 'BooleanLiteral')
      return nameOf(value)
    this.#refuse(value, `${nameOf(value)} wants quotes: ${quoted(nameOf(value))}`)
    return ''
  }

  #place({ loc }: hbs.AST.Node): Problem['place'] {
    return this.#placeOf({ line: loc.start.line, column: loc.start.column + 1 })
  }

  #refuse(node: hbs.AST.Node, message: string): undefined {
    this.problems.push({ place: this.#place(node), message })
  }
}

const pairsOf = ({ hash }: hbs.AST.MustacheStatement | hbs.AST.SubExpression) => hash?.pairs ?? []

/** As it stands. */
function nameOf(node: Expression): string {
  const { original, value } = node as { original?: string | number | boolean; value?: string | number | boolean }
  return node.type === 'SubExpression' ? '(…)' : String(original ?? value ?? node.type)
}
