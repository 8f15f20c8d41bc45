import type { Said } from '../domain/published.ts'
import { printedNumber } from './printed-number.ts'
import { exactly, type Range } from './range.ts'

/** A number that was printed has its decimals, and its text where it is a cell; one that was computed has neither. */
export type NumberValue = Range & { is: 'number'; decimals?: number; text?: string }
/** Whether something holds, and whether it may hold or fail anywhere within what its inputs allow. */
export type Truth = { is: 'truth'; holds: boolean; mayHold: boolean; mayFail: boolean }
export type TextValue = { is: 'text'; text: string }
export type Value = NumberValue | TextValue | Truth

/** Why a formula comes to nothing. Thrown and caught inside this folder: callers of `evaluate` see an outcome. */
export class NoValue extends Error {
  readonly why: Said
  constructor(why: Said) {
    super(why.en)
    this.why = why
  }
}

/** A computed number; throws `NoValue` where it is beyond what numbers can be. */
export function computed(range: Range): NumberValue {
  if (![range.value, range.least, range.most].every(Number.isFinite))
    throw new NoValue({ en: 'The formula comes to no finite number.', ko: '수식의 결과가 유한한 수가 아닙니다.' })
  return { is: 'number', value: range.value, least: range.least, most: range.most }
}

/** A cell: a number where it is printed as one, else a text. */
export function cellValue(text: string): NumberValue | TextValue {
  const number = printedNumber(text)
  return number === undefined ? { is: 'text', text } : { is: 'number', ...number, text }
}

/** A fact of the catalogue: numbers there are what they are. */
export const factValue = (fact: number | string): NumberValue | TextValue =>
  typeof fact === 'number' ? computed(exactly(fact)) : { is: 'text', text: fact }

/** The number that a part of a formula is; throws `NoValue` for a text. */
export function numberOf(value: Value): NumberValue {
  if (value.is === 'number') return value
  const shown = value.is === 'text' ? value.text.slice(0, 60) : String(value.holds)
  throw new NoValue({ en: `"${shown}" is no number.`, ko: `"${shown}"은(는) 수가 아닙니다.` })
}

/** What a value reads as, to look for a row or a name by it. */
export const textOf = (value: Value): string =>
  value.is === 'text' ? value.text : value.is === 'number' ? (value.text ?? String(value.value)) : String(value.holds)

/** The truth that a part of a formula is. */
export function truthOf(value: Value): Truth {
  if (value.is !== 'truth') throw new Error('a formula was evaluated that formulaProblems() refuses')
  return value
}
