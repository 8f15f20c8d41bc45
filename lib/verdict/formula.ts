import { parseExpression } from 'vega-expression'
import { didYouMean } from '../domain/nearest.ts'

/**
 * A formula over published figures. Names are the columns of the same row; `at('table', 'row', 'column')` is one cell and
 * `column('table', 'column')` all of them, in order, without the empty ones; `hardware('name', 'price.usd')` is what the catalogue
 * has, and `row('table', 'row')` the measured cells of a row. A cell may name a row or a piece of hardware: `hardware(gpu, 'price.usd')`.
 */
export type Formula =
  | { is: 'number'; value: number }
  | { is: 'text'; text: string }
  | { is: 'name'; name: string }
  | { is: 'sign'; operator: '-' | '+' | '!'; of: Formula }
  | { is: 'operation'; operator: Operator; left: Formula; right: Formula }
  | { is: 'call'; name: FunctionName; of: readonly Formula[] }

const operators = ['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', '&&', '||'] as const
export type Operator = (typeof operators)[number]
const signs = ['-', '+', '!'] as const

/** Each with how many arguments it takes: least and most. */
const functions = {
  at: [3, 3],
  column: [2, 2],
  row: [2, 2],
  hardware: [2, 2],
  min: [1, 50],
  max: [1, 50],
  mean: [1, 50],
  sum: [1, 50],
  count: [1, 50],
  first: [1, 1],
  last: [1, 1],
  abs: [1, 1],
  round: [1, 2],
} as const satisfies Record<string, readonly [number, number]>
export type FunctionName = keyof typeof functions

export type ParsedFormula = { status: 'ok'; formula: Formula } | { status: 'failed'; problem: string }

type Node = ReturnType<typeof parseExpression>
const longest = 2000

/**
 * Reads a formula. Nothing of it is ever run as code: only what `Formula` has is let through. The parser takes a
 * text such as `'constructor'` for a name, which then is no column's.
 */
export function parseFormula(text: string): ParsedFormula {
  if (text.length > longest)
    return { status: 'failed', problem: `is ${text.length} characters long; ${longest} are the most` }
  try {
    return { status: 'ok', formula: formulaOf(parseExpression(text)) }
  } catch (error) {
    if (error instanceof NoFormula) return { status: 'failed', problem: error.message }
    // A stack that ran out while it was parsed: nobody means a formula like that.
    const why = error instanceof RangeError ? 'is nested too deeply' : `cannot be read: ${messageOf(error)}`
    return { status: 'failed', problem: why }
  }
}

/** What a formula may not hold; never leaves this file. */
class NoFormula extends Error {}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === 'Disabled.' ? 'formulas have no =, ++ and --' : message // the parser's own words for these
}

function formulaOf(node: Node): Formula {
  if (node.type === 'Literal') return literalOf(node.value, node.raw)
  if (node.type === 'Identifier') return { is: 'name', name: node.name }
  if (node.type === 'CallExpression') return callOf(node.callee as Node, node.arguments as Node[])
  if (node.type === 'UnaryExpression') {
    const operator = signs.find((each) => each === node.operator)
    if (operator === undefined) throw new NoFormula(`has "${node.operator}", which formulas have not`)
    return { is: 'sign', operator, of: formulaOf(node.argument) }
  }
  if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression')
    throw new NoFormula(`has what formulas have not (${wordsOf(node.type)}): they have ${parts}`)
  const operator = operators.find((each) => each === node.operator)
  if (operator === undefined)
    throw new NoFormula(`has "${node.operator}", which formulas have not: they have ${operators.join(' ')}`)
  return { is: 'operation', operator, left: formulaOf(node.left as Node), right: formulaOf(node.right) }
}
const parts = `numbers, 'texts', columns, ${operators.join(' ')} and functions`

/** `MemberExpression`: "member expression". */
const wordsOf = (type: string): string => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

function literalOf(value: unknown, raw: string | undefined): Formula {
  if (typeof value === 'number' && Number.isFinite(value)) return { is: 'number', value }
  if (typeof value === 'string') return { is: 'text', text: value }
  throw new NoFormula(`has ${raw ?? String(value)}, which is neither a number nor a text`)
}

function callOf(callee: Node, given: readonly Node[]): Formula {
  const name = callee.type === 'Identifier' ? callee.name : undefined
  const known = Object.keys(functions)
  if (name === undefined) throw new NoFormula(`calls what is no name: the functions are ${known.join(', ')}`)
  if (!isFunction(name)) {
    const meant = didYouMean(name, known)
    throw new NoFormula(`has no function "${name}"${meant || `: there are ${known.join(', ')}`}`)
  }
  const [least, most] = functions[name]
  if (given.length < least || given.length > most) {
    const takes = least === most ? String(least) : `${least} to ${most}`
    throw new NoFormula(`is wrong: ${name}() takes ${takes} arguments, not ${given.length}`)
  }
  return { is: 'call', name, of: given.map(formulaOf) }
}

const isFunction = (name: string): name is FunctionName => Object.hasOwn(functions, name)
