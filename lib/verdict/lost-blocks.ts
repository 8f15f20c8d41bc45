import type { BlockLoss } from '../domain/verdict.ts'

/**
 * In how many blocks something was lost that speaks against a comparison: what failed or is invalid, and what is missing, but for
 * what is missing everywhere, since nobody measures it here. Arms that share blocks lose them together; of others the one counts that
 * lost more.
 */
export function lostBlocks(
  losses: readonly BlockLoss[],
  { valid, shared }: { valid: number; shared: boolean },
): number {
  const counted = losses.filter(({ why }) => why.status !== 'missing' || valid > 0)
  if (shared) return blocksOf(counted)
  return Math.max(...(['base', 'against'] as const).map((arm) => blocksOf(counted.filter((loss) => loss.arm === arm))))
}

const blocksOf = (some: readonly BlockLoss[]) => new Set(some.map(({ block }) => block)).size
