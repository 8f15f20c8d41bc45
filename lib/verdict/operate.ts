import type { Operator } from './formula.ts'
import {
  differenceOf,
  isBelow,
  isWithin,
  negativeOf,
  overlap,
  productOf,
  quotientOf,
  type Range,
  sumOf,
} from './range.ts'
import { isSameText } from './same-text.ts'
import { computed, NoValue, numberOf, type NumberValue, type Truth, truthOf, type Value } from './value.ts'

/** What an operator makes of two values; throws `NoValue` where it makes none. */
export function operate(operator: Operator, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      return computed(sumOf(numberOf(left), numberOf(right)))
    case '-':
      return computed(differenceOf(numberOf(left), numberOf(right)))
    case '*':
      return computed(productOf(numberOf(left), numberOf(right)))
    case '/':
      return computed(quotient(numberOf(left), numberOf(right)))
    case '<':
      return below(numberOf(left), numberOf(right))
    case '>':
      return below(numberOf(right), numberOf(left))
    case '<=':
      return not(below(numberOf(right), numberOf(left)))
    case '>=':
      return not(below(numberOf(left), numberOf(right)))
    case '==':
      return equal(left, right)
    case '!=':
      return not(equal(left, right))
    case '&&':
      return both(truthOf(left), truthOf(right))
    case '||':
      return not(both(not(truthOf(left)), not(truthOf(right))))
  }
}

/** What a sign makes of a value. */
export function operateSign(operator: '-' | '+' | '!', value: Value): Value {
  if (operator === '!') return not(truthOf(value))
  return operator === '-' ? computed(negativeOf(numberOf(value))) : numberOf(value)
}

function quotient(a: Range, b: Range): Range {
  const found = quotientOf(a, b)
  if (found !== undefined) return found
  throw new NoValue({ en: 'The formula divides by what may be 0.', ko: '0일 수 있는 값으로 나눕니다.' })
}

const not = ({ holds, mayHold, mayFail }: Truth): Truth => ({
  is: 'truth',
  holds: !holds,
  mayHold: mayFail,
  mayFail: mayHold,
})

const both = (a: Truth, b: Truth): Truth => ({
  is: 'truth',
  holds: a.holds && b.holds,
  mayHold: a.mayHold && b.mayHold,
  mayFail: a.mayFail || b.mayFail,
})

const below = (a: Range, b: Range): Truth => ({
  is: 'truth',
  holds: isBelow(a.value, b.value),
  mayHold: isBelow(a.least, b.most),
  mayFail: !isBelow(a.most, b.least),
})

/** Of texts, and of a cell that is a number with a text, the texts; else the numbers. */
function equal(left: Value, right: Value): Truth {
  const [a, b] = [asText(left), asText(right)]
  const areTexts = (left.is === 'text' || right.is === 'text') && a !== undefined && b !== undefined
  if (areTexts) {
    const holds = isSameText(a, b)
    return { is: 'truth', holds, mayHold: holds, mayFail: !holds }
  }
  const [x, y] = [numberOf(left), numberOf(right)]
  const holds = equalNumbers(x, y)
  const isExact = x.least === x.most && y.least === y.most
  return { is: 'truth', holds, mayHold: holds || overlap(x, y), mayFail: !holds || !isExact }
}

const asText = (value: Value): string | undefined => (value.is === 'truth' ? undefined : value.text)

/**
 * Two printed numbers at the coarser of their precisions, a computed one at the precision of the printed one; two computed ones
 * where their ranges overlap.
 */
function equalNumbers(a: NumberValue, b: NumberValue): boolean {
  const known = [a.decimals, b.decimals].filter((each) => each !== undefined)
  return known.length === 0 ? overlap(a, b) : equalAt(Math.min(...known), a.value, b.value)
}

/** Whether a number rounds to another that has so many decimals; a half may go either way. */
export function equalAt(decimals: number, a: number, b: number): boolean {
  return isWithin(Math.abs(a - b), 0.5 * 10 ** -decimals, Math.max(Math.abs(a), Math.abs(b)))
}
