import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** Why a cell has no value, in a few words. */
export function gapReason(evidence: Evidence, cell: ShownCell): string {
  const { words } = evidence
  const trials = evidence.trialsOf(cell.cell.id)
  const failed = trials.find((trial) => trial.status === 'failed')
  if (failed !== undefined) return words('gap.failed', { reason: words(`reason.${failed.reason ?? 'unknown'}`) })
  if (trials.some((trial) => trial.status === 'ok')) return words('gap.underivable')
  return trials.some((trial) => trial.status === 'interrupted') ? words('gap.interrupted') : words('gap.pending')
}
