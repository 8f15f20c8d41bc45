import { mean } from './mean.ts'

/** Pearson's correlation of two lists of equal length; `undefined` where one of them does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number | undefined {
  const [middleA, middleB] = [mean(a), mean(b)]
  let [both, squaresA, squaresB] = [0, 0, 0]
  for (const [at, value] of a.entries()) {
    const [x, y] = [value - middleA, (b[at] as number) - middleB]
    both += x * y
    squaresA += x * x
    squaresB += y * y
  }
  const scale = Math.sqrt(squaresA * squaresB)
  return scale > 0 ? both / scale : undefined
}
