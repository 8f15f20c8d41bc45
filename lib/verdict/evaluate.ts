import type { PublishedTable, Said } from '../domain/published.ts'
import type { Formula, FunctionName } from './formula.ts'
import { cellOf, factAt, type FormulaScope, keyOf, rowOf, tableOf } from './formula-scope.ts'
import { operate, operateSign } from './operate.ts'
import { exactly, largestOf, magnitudeOf, quotientOf, risingOf, roundedTo, smallestOf, totalOf } from './range.ts'
import { cellValue, computed, factValue, NoValue, numberOf, textOf, type Value } from './value.ts'

/**
 * What a formula comes to, with its range where it is a number; `formulaProblems` must have found nothing wrong with it. Ranges are
 * those of interval arithmetic: each mention of an input varies by itself, so that the range of `x / (x + y)` is wider than x and
 * y allow, never narrower. A divisor that may be 0, an empty cell and a text where a number is needed leave it untestable.
 */
export function evaluate(formula: Formula, scope: FormulaScope): Value | { is: 'untestable'; why: Said } {
  try {
    return valueOf(formula, scope)
  } catch (error) {
    if (error instanceof NoValue) return { is: 'untestable', why: error.why }
    throw error
  }
}

function valueOf(formula: Formula, scope: FormulaScope): Value {
  switch (formula.is) {
    case 'number':
      return computed(exactly(formula.value))
    case 'text':
      return formula
    case 'name':
      return cellHere(formula.name, scope)
    case 'sign':
      return operateSign(formula.operator, valueOf(formula.of, scope))
    case 'operation':
      return operate(formula.operator, valueOf(formula.left, scope), valueOf(formula.right, scope))
    case 'call':
      return called(formula.name, formula.of, scope)
  }
}

function called(name: FunctionName, of: readonly Formula[], scope: FormulaScope): Value {
  const one = (index: number): Value => valueOf(of[index] as Formula, scope)
  if (name === 'at') return cellAt(textOf(one(0)), textOf(one(1)), textOf(one(2)), scope)
  if (name === 'hardware') return factOf(textOf(one(0)), textOf(one(1)), scope)
  if (name === 'abs') return computed(magnitudeOf(numberOf(one(0))))
  if (name !== 'round')
    return ofMany(
      name,
      of.flatMap((part) => all(part, scope)),
    )
  const decimals = of[1] === undefined ? 0 : numberOf(one(1)).value
  return { ...computed(risingOf(numberOf(one(0)), (each) => roundedTo(each, decimals))), decimals }
}

function ofMany(name: Exclude<FunctionName, 'at' | 'hardware' | 'abs' | 'round'>, values: readonly Value[]): Value {
  if (name === 'count') return computed(exactly(values.length))
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined)
    throw new NoValue({ en: 'The column or row is empty.', ko: '열이나 행이 비어 있습니다.' })
  if (name === 'first') return first
  if (name === 'last') return last
  const numbers = values.map(numberOf)
  if (name === 'min') return computed(smallestOf(numbers))
  if (name === 'max') return computed(largestOf(numbers))
  const total = totalOf(numbers)
  return computed(name === 'mean' ? (quotientOf(total, exactly(numbers.length)) ?? total) : total)
}

/** All cells of a column, or the measured ones of a row, without the empty ones; else the one value. */
function all(part: Formula, scope: FormulaScope): Value[] {
  if (part.is !== 'call' || (part.name !== 'column' && part.name !== 'row')) return [valueOf(part, scope)]
  const [name = '', of = ''] = part.of.map((each) => textOf(valueOf(each, scope)))
  const table = tableOf(scope.post, name)
  if (table === undefined) return []
  return part.name === 'row' ? filledValues(measuredOf(table, of)) : columnOf(table, of)
}

/** A column is read once, however many rows are held to all of it. */
function columnOf(table: PublishedTable, column: string): Value[] {
  const known = columnsRead.get(table) ?? new Map<string, Value[]>()
  columnsRead.set(table, known)
  const values = known.get(column) ?? filledValues(table.rows.map((row) => cellOf(row, column)))
  known.set(column, values)
  return values
}
const columnsRead = new WeakMap<PublishedTable, Map<string, Value[]>>()

const filledValues = (cells: readonly string[]): Value[] => cells.filter((text) => text.trim() !== '').map(cellValue)

function measuredOf(table: PublishedTable, key: string): string[] {
  const row = rowOf(table, key)
  if (row === undefined) return []
  return table.columns.filter(({ role }) => role === 'measured').map(({ name }) => cellOf(row, name))
}

function cellHere(column: string, { here }: FormulaScope): Value {
  if (here?.row === undefined) throw new Error('a formula was evaluated that formulaProblems() refuses')
  return filled(cellOf(here.row, column), `${here.table.name}/${keyOf(here.table, here.row)}/${column}`)
}

function cellAt(name: string, key: string, column: string, { post }: FormulaScope): Value {
  const table = tableOf(post, name)
  const row = table === undefined ? undefined : rowOf(table, key)
  return filled(row === undefined ? '' : cellOf(row, column), `${name}/${key}/${column}`)
}

function filled(text: string, place: string): Value {
  if (text.trim() !== '') return cellValue(text)
  throw new NoValue({ en: `The post has nothing at ${place}.`, ko: `글에 ${place} 값이 없습니다.` })
}

function factOf(name: string, path: string, { hardware }: FormulaScope): Value {
  const facts = hardware.get(name)
  const fact = facts === undefined ? undefined : factAt(facts, path)
  if (fact !== undefined) return factValue(fact)
  throw new NoValue({
    en: `The catalogue of hardware has no ${path} of ${name}.`,
    ko: `하드웨어 목록에 ${name}의 ${path} 값이 없습니다.`,
  })
}
