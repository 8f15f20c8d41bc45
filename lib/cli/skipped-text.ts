import type { SkippedCell, SkipReason } from '../domain/plan.ts'
import { cellLabel } from '../run/progress-lines.ts'
import { wrapped } from './wrapped.ts'

/** What the file itself leaves out is no news, and comes last. */
const order = ['engine-missing', 'target-missing', 'does-not-fit', 'format', 'excluded'] satisfies SkipReason[]

/** Skipped cells by their reasons, since many have the same: what this machine lacks is read in one look. */
export function skippedText(skipped: readonly SkippedCell[]): string {
  const groups = [...Map.groupBy(skipped, ({ detail }) => detail).values()]
  return groups
    .toSorted((a, b) => rank(a) - rank(b))
    .map((group) => groupText(group))
    .join('')
}

const rank = ([first]: readonly SkippedCell[]) => (first === undefined ? 0 : order.indexOf(first.reason))

function groupText(group: readonly SkippedCell[]): string {
  const cells = group.map((cell) => `    ${cellLabel(cell)}\n`).join('')
  const head = `skipped, ${group.length} cell${group.length === 1 ? '' : 's'}:`
  return `\n${head}\n${wrapped(group[0]?.detail ?? '')}\n${cells}`
}
