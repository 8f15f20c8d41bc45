import { factsOf, type Metric } from '../domain/metric.ts'
import { mean } from '../stats/mean.ts'
import { type CellTrials, measuredIn } from './cell-trials.ts'

/** Those that count failures themselves, or have nothing to do with requests. */
const withFailures: readonly Metric[] = [
  'error_rate',
  'goodput',
  'goodput_share',
  'load_ms',
  'model_bytes',
  'effective_bpw',
]

/** Of a cell's requests the share that failed, over all of its trials; `undefined` where failures do not speak against a metric, or nothing was asked. */
export function errorShares(
  base: CellTrials,
  against: CellTrials,
  metric: Metric,
): { base: number; against: number } | undefined {
  if (withFailures.includes(metric)) return undefined
  const [a, b] = [failedShare(base), failedShare(against)]
  return a === undefined || b === undefined ? undefined : { base: a, against: b }
}

function failedShare(cell: CellTrials): number | undefined {
  let [ok, failed] = [0, 0]
  for (const { requests } of measuredIn(cell)) {
    ok += requests.ok
    failed += requests.failed
  }
  return ok + failed === 0 ? undefined : failed / (ok + failed)
}

/**
 * How long B's answers are, in tokens, against A's: over the prompts that both have answered, of each the mean over trials.
 * `undefined` where tokens are not known.
 */
export function lengthChange(base: CellTrials, against: CellTrials): number | undefined {
  const [a, b] = [tokensByPrompt(base), tokensByPrompt(against)]
  const common = [...a.keys()].filter((prompt) => b.has(prompt))
  const total = (tokens: ReadonlyMap<string, number>) =>
    common.reduce((sum, prompt) => sum + (tokens.get(prompt) as number), 0)
  return total(a) > 0 ? total(b) / total(a) : undefined
}

/** Whether how long answers are has a part in a metric. */
export const followsLength = (metric: Metric): boolean => factsOf(metric).endToEnd === true

function tokensByPrompt(cell: CellTrials): Map<string, number> {
  const lengths = measuredIn(cell)
    .filter(({ status }) => status === 'ok')
    .flatMap(({ prompts }) => prompts.filter(({ outputTokens }) => outputTokens !== undefined))
  const byPrompt = Map.groupBy(lengths, ({ promptId }) => promptId)
  return new Map([...byPrompt].map(([id, each]) => [id, mean(each.map(({ outputTokens }) => outputTokens as number))]))
}
