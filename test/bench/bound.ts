/** One measured figure beside its limit. */
export type Figure = { what: string; value: number; unit: string; limit: { atMost: number } | { atLeast: number } }

/** Whether a figure keeps its limit. */
export function holds({ value, limit }: Figure): boolean {
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast
}

/** `ok   decode, f16: 98.4 % (at least 97 %)`. */
export function line(figure: Figure): string {
  const { what, value, unit, limit } = figure
  const bound = 'atMost' in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`
  return `${holds(figure) ? 'ok  ' : 'OVER'} ${what}: ${Number(value.toPrecision(4))} ${unit} (${bound} ${unit})`
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) throw new Error('the median of nothing')
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
