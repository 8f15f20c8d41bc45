/**
 * A number, and between what it is where its inputs are known to half a unit of their last digit. `value` follows from the inputs
 * as they are written. Floating-point rounding is monotone, so the ends hold every value that the inputs allow, exactly.
 */
export type Range = { value: number; least: number; most: number }

export const exactly = (value: number): Range => ({ value, least: value, most: value })

export const sumOf = (a: Range, b: Range): Range => ({
  value: a.value + b.value,
  least: a.least + b.least,
  most: a.most + b.most,
})

export const negativeOf = ({ value, least, most }: Range): Range => ({ value: -value, least: -most, most: -least })

export const differenceOf = (a: Range, b: Range): Range => sumOf(a, negativeOf(b))

export function productOf(a: Range, b: Range): Range {
  const corners = [a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most]
  return { value: a.value * b.value, least: Math.min(...corners), most: Math.max(...corners) }
}

/** `undefined` where the divisor may be 0. */
export function quotientOf(a: Range, b: Range): Range | undefined {
  if (b.least <= 0 && b.most >= 0) return undefined
  const corners = [a.least / b.least, a.least / b.most, a.most / b.least, a.most / b.most]
  return { value: a.value / b.value, least: Math.min(...corners), most: Math.max(...corners) }
}

export function magnitudeOf({ value, least, most }: Range): Range {
  const holdsZero = least <= 0 && most >= 0
  const ends = [Math.abs(least), Math.abs(most)]
  return { value: Math.abs(value), least: holdsZero ? 0 : Math.min(...ends), most: Math.max(...ends) }
}

/** `change` must never fall where its input rises. */
export const risingOf = ({ value, least, most }: Range, change: (each: number) => number): Range => ({
  value: change(value),
  least: change(least),
  most: change(most),
})

export const smallestOf = (all: readonly Range[]): Range => endOf(all, (a, b) => (b < a ? b : a))
export const largestOf = (all: readonly Range[]): Range => endOf(all, (a, b) => (b > a ? b : a))

function endOf(all: readonly Range[], pick: (a: number, b: number) => number): Range {
  return {
    value: all.map(({ value }) => value).reduce(pick),
    least: all.map(({ least }) => least).reduce(pick),
    most: all.map(({ most }) => most).reduce(pick),
  }
}

export const totalOf = (all: readonly Range[]): Range => all.reduce(sumOf, exactly(0))

/** Whether both may be one number; what floating point alone keeps apart does not. */
export const overlap = (a: Range, b: Range): boolean => !isBelow(a.most, b.least) && !isBelow(b.most, a.least)

/** Whether `a` is less than `b` by more than floating point explains. */
export const isBelow = (a: number, b: number): boolean => b - a > slack * Math.max(Math.abs(a), Math.abs(b))
const slack = 1e-12

/** Whether a distance between numbers of this size is at most `most`, but for what floating point adds to it. */
export const isWithin = (distance: number, most: number, size: number): boolean => distance <= most + slack * size

/** To so many decimals, a half away from zero as people round. */
export function roundedTo(value: number, decimals: number): number {
  const unit = 10 ** decimals
  const rounded = Math.round(Math.abs(value) * unit * (1 + slack)) / unit
  return value < 0 ? -rounded : rounded
}
