/** Which of two values is better. */
export type Better = 'higher' | 'lower'

/**
 * Which of `points` are on the front: no other one is at least as good in every dimension and better in one. A point that
 * is `undefined` takes no part: it is not on the front and keeps none from it.
 */
export function paretoFront(
  points: readonly (readonly number[] | undefined)[],
  better: readonly Better[],
): readonly boolean[] {
  return points.map((point) => point !== undefined && !points.some((other) => dominates(other, point, better)))
}

function dominates(other: readonly number[] | undefined, point: readonly number[], better: readonly Better[]): boolean {
  if (other === undefined || other === point) return false
  const gains = better.map((which, at) => (which === 'higher' ? 1 : -1) * ((other[at] ?? 0) - (point[at] ?? 0)))
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0)
}
