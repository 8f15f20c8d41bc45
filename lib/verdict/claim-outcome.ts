import type { ClaimOutcome, Said } from '../domain/published.ts'
import { equalAt } from './operate.ts'
import { printedNumber, type PrintedNumber } from './printed-number.ts'
import { overlap } from './range.ts'
import { isSameText } from './same-text.ts'
import { type NumberValue, textOf, type Value } from './value.ts'

type Evaluated = Value | { is: 'untestable'; why: Said }

/**
 * What came of a figure that was computed again: rounded to the digits that were printed, and to `decimals` at least where it is known
 * that so many were meant, it is what was printed, or differs.
 */
export function comparedTo(text: string, value: Evaluated, decimals?: number): ClaimOutcome {
  if (value.is === 'untestable') return { status: 'untestable', why: value.why }
  const printed = printedNumber(text, decimals)
  if (value.is === 'number' && printed !== undefined) return numberOutcome(printed, value)
  const recomputed = textOf(value)
  if (value.is === 'text')
    return isSameText(recomputed, text)
      ? { status: 'reproduced', recomputed }
      : { status: 'differs', recomputed, withinRounding: false }
  return {
    status: 'untestable',
    why: { en: `What is printed, "${text}", is no number.`, ko: `인쇄된 "${text}"은(는) 수가 아닙니다.` },
  }
}

/** What came of a comparison that is to hold. */
export function testOutcome(value: Evaluated): ClaimOutcome {
  if (value.is === 'untestable') return { status: 'untestable', why: value.why }
  if (value.is !== 'truth') throw new Error('a test came to no truth, which formulaProblems() refuses')
  return value.holds ? { status: 'reproduced' } : { status: 'differs', withinRounding: value.mayHold }
}

function numberOutcome(printed: PrintedNumber, value: NumberValue): ClaimOutcome {
  if (equalAt(printed.decimals, value.value, printed.value))
    return { status: 'reproduced', recomputed: value.value.toFixed(printed.decimals) }
  const by = (printed.value - value.value) / value.value
  return {
    status: 'differs',
    recomputed: apartFrom(printed, value.value),
    ...(Number.isFinite(by) && { by }),
    withinRounding: overlap(printed, value),
  }
}

/** With the decimals that were printed where that tells the two apart, else with one more. */
function apartFrom({ value: printed, decimals }: PrintedNumber, value: number): string {
  const alike = value.toFixed(decimals)
  return alike === printed.toFixed(decimals) ? value.toFixed(Math.min(decimals + 1, mostDecimals)) : alike
}
const mostDecimals = 100
