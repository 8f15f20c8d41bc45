import type { TrialRow } from '../domain/plan-data.ts'

/** `2 of 12 trials are not to be used (contention)`, and below it how to learn more; nothing where all are. */
export function doubtsText(trials: readonly TrialRow[]): string {
  const doubted = trials.filter(({ status, invalid }) => status === 'ok' && invalid.length > 0)
  if (doubted.length === 0) return ''
  const reasons = [...new Set(doubted.flatMap(({ invalid }) => invalid.map(({ reason }) => reason)))].toSorted()
  const verb = doubted.length === 1 ? 'is' : 'are'
  return `${doubted.length} of ${trials.length} trials ${verb} not to be used (${reasons.join(', ')})\n  benchbook explain ${reasons[0]} says what that means\n`
}
