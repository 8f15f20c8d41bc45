import { randomSequence } from '../domain/seeded.ts'
import type { MetricValue } from '../domain/metric.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { bootstrapMean, type Chunk } from '../stats/bootstrap-mean.ts'

const bootstrap = { seed: 20_260_101, resamples: 1999, confidence: 0.95 }

/**
 * Perplexity over the scored tokens of all windows: e^m, where m is the mean negative log-likelihood; one standard error
 * e^m sqrt(v / (n - 1)), where v = mean nll^2 - m^2, as llama-perplexity has it (it takes tokens as independent); and the
 * 95 % percentile interval of a bootstrap over windows. A window that was evaluated again counts once. `undefined` where a
 * window failed: over another text it would be another perplexity.
 */
export function perplexity(measured: readonly RequestTimeline[]): MetricValue | undefined {
  const windows = firstOfEach(measured.filter((request) => request.part === 'window'))
  if (windows.length === 0 || windows.some((window) => window.outcome.status === 'failed')) return undefined
  const all = windows.flatMap((window) => window.nll ?? [])
  const n = all.length
  const m = sumOf(all) / n
  const variance = Math.max(0, sumOf(all.map((nll) => nll * nll)) / n - m * m)
  const interval = intervalOver(windows.map(({ nll = [] }) => ({ sum: sumOf(nll), n: nll.length })))
  const value = Math.exp(m)
  return { value, n, ...(n > 1 && { error: value * Math.sqrt(variance / (n - 1)) }), ...interval }
}

// In the order of the windows' names, so that neither a sum nor a draw depends on the order in which they were sent.
function firstOfEach(windows: readonly RequestTimeline[]): RequestTimeline[] {
  const first = new Map<string, RequestTimeline>()
  for (const window of windows) {
    const other = first.get(window.promptId)
    if (other === undefined || window.sentUs < other.sentUs) first.set(window.promptId, window)
  }
  return [...first.values()].toSorted((a, b) => (a.promptId < b.promptId ? -1 : 1))
}

function intervalOver(chunks: readonly Chunk[]): { low: number; high: number } | undefined {
  const { seed, ...options } = bootstrap
  const interval = bootstrapMean(chunks, { ...options, random: randomSequence(seed) })
  return interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
