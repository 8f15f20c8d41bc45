/** One measured figure beside its limit. */
export type Figure = { what: string; value: number; unit: string; limit: Limit }
/** One of the two, or both. */
type Limit = { atMost: number; atLeast?: number } | { atLeast: number; atMost?: number }

/** Whether a figure keeps its limit. */
export function holds({ value, limit: { atLeast = -Infinity, atMost = Infinity } }: Figure): boolean {
  return value >= atLeast && value <= atMost
}

/** `ok   decode, f16: 98.4 % (at least 97 %)`. */
export function line(figure: Figure): string {
  const { what, value, unit, limit } = figure
  const bounds = [
    ...(limit.atLeast === undefined ? [] : [`at least ${limit.atLeast}`]),
    ...(limit.atMost === undefined ? [] : [`at most ${limit.atMost}`]),
  ]
  return `${holds(figure) ? 'ok  ' : 'OVER'} ${what}: ${Number(value.toPrecision(4))} ${unit} (${bounds.join(', ')} ${unit})`
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) throw new Error('the median of nothing')
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
