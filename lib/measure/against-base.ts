import type { Metric, MetricValue } from '../domain/metric.ts'
import type { BaseScores } from '../domain/timeline.ts'
import { quantile } from '../stats/quantile.ts'
import { overWindows, type WindowMean } from './over-windows.ts'
import { expOf } from './perplexity.ts'

/** Of each scored token of a window, in order: what the model and what its base said. */
export type ScoredWindow = { nll: readonly number[]; base: BaseScores }

type Values = { [M in Metric]?: MetricValue | undefined }

/**
 * How a model stands to its base, with the errors of llama-perplexity's `--kl-divergence`, which takes tokens as independent, and the
 * 95 % interval of a bootstrap over windows beside them. The error of the ratio of perplexities is that of a mean of differences,
 * which is what their two variances and their covariance come to.
 */
export function againstBase(windows: readonly ScoredWindow[]): Values {
  const ratio = overWindows(windows.map(({ nll, base }) => nll.map((own, at) => own - (base.nll[at] as number))))
  const same = overWindows(windows.map(({ base }) => base.sameTop))
  const isBound = windows.some(({ base }) => base.isBound)
  return {
    ppl_ratio: expOf(ratio),
    ...(isBound ? { kld_at_least: meanOf(overWindows(klds(windows))) } : divergence(klds(windows))),
    top_token_share: meanOf(same),
    p_change_rms: rootOf(overWindows(windows.map(squaredChanges))),
  }
}

const klds = (windows: readonly ScoredWindow[]) => windows.map(({ base }) => base.kld)

function divergence(windows: readonly (readonly number[])[]): Values {
  const ascending = Float64Array.from(windows.flat()).toSorted()
  const n = ascending.length
  const valueOf = (value: number | undefined) => (value === undefined ? undefined : { value: atLeast0(value), n })
  return {
    kld: meanOf(overWindows(windows)),
    kld_median: valueOf(quantile(ascending, 0.5)),
    kld_p99: valueOf(quantile(ascending, 0.99)),
    kld_max: valueOf(ascending.at(-1)),
  }
}

function squaredChanges({ nll, base }: ScoredWindow): number[] {
  return nll.map((own, at) => (Math.exp(-own) - Math.exp(-(base.nll[at] as number))) ** 2)
}

function meanOf({ mean, n, error, interval }: WindowMean): MetricValue {
  return { value: atLeast0(mean), n, ...(error !== undefined && { error }), ...interval }
}

/** The error of a root is that of what it is the root of / (2 root). */
function rootOf({ mean, n, error, interval }: WindowMean): MetricValue {
  const value = Math.sqrt(mean)
  return {
    value,
    n,
    ...(error !== undefined && { error: value === 0 ? 0 : error / (2 * value) }),
    ...(interval && { low: Math.sqrt(interval.low), high: Math.sqrt(interval.high) }),
  }
}

/** Terms that are left out, and rounding, can make a divergence of nothing a little less than that. */
const atLeast0 = (value: number) => Math.max(0, value)
