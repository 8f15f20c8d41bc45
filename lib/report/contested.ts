/** The panels in which the most arms have something to compare: an arm that is missing or invalid in a panel has not lost there. */
export function contested<T>(panels: Iterable<readonly T[]>): (readonly T[])[] {
  const all = [...panels]
  const most = Math.max(...all.map((panel) => panel.length))
  return all.filter((panel) => panel.length === most)
}

/**
 * The names of those that come first in their panels, each panel in order, the best first: in the contested ones. One that comes first in all
 * of these is joined by whoever beats it in another panel: there it has lost.
 */
export function winnersOf(panels: readonly (readonly string[])[]): string[] {
  const winners = new Set(contested(panels).flatMap(first))
  const [best, ...others] = winners
  if (best === undefined || others.length > 0) return [...winners]
  return [...new Set([best, ...panels.filter((panel) => panel.includes(best)).flatMap(first)])]
}

const first = ([name]: readonly string[]) => name ?? []
