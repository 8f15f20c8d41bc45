import { isQuality, type Metric } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { isValidFor } from '../domain/spoils.ts'

/**
 * `2 of 12 trials are not to be used (contention)`, that what some of them say of quality counts all the same, and below it how to learn
 * more; nothing where all are to be used.
 */
export function doubtsText(trials: readonly TrialRow[]): string {
  const doubted = trials.filter(({ status, invalid }) => status === 'ok' && invalid.length > 0)
  if (doubted.length === 0) return ''
  const reasons = [...new Set(doubted.flatMap(({ invalid }) => invalid.map(({ reason }) => reason)))].toSorted()
  const verb = doubted.length === 1 ? 'is' : 'are'
  return `${doubted.length} of ${trials.length} trials ${verb} not to be used (${reasons.join(', ')})${qualityText(doubted)}\n  benchbook explain ${reasons[0]} says what that means\n`
}

/** What disturbs times does not disturb what a model predicts. */
function qualityText(doubted: readonly TrialRow[]): string {
  const sound = doubted.filter((trial) =>
    (Object.keys(trial.metrics) as Metric[]).some((metric) => isQuality(metric) && isValidFor(trial, metric)),
  ).length
  if (sound === 0) return ''
  const which = sound < doubted.length ? `${sound} of them` : doubted.length === 1 ? 'it' : 'them'
  return `; quality in ${which} counts all the same`
}
