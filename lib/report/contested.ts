/** The panels in which the most arms have something to compare: an arm that is missing or invalid in a panel has not lost there. */
export function contested<T>(panels: Iterable<readonly T[]>): (readonly T[])[] {
  const all = [...panels]
  const most = Math.max(...all.map((panel) => panel.length))
  return all.filter((panel) => panel.length === most)
}
