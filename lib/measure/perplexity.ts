import type { MetricValue } from '../domain/metric.ts'
import { overWindows, type WindowMean } from './over-windows.ts'

/**
 * Perplexity over the scored tokens of all windows, of their negative log-likelihoods in nats: e^m, where m is their mean; one standard
 * error e^m sqrt(v / (n - 1)), as llama-perplexity has it; and the 95 % percentile interval of a bootstrap over windows.
 */
export const perplexity = (windows: readonly (readonly number[])[]): MetricValue => expOf(overWindows(windows))

/** What e^m is known to, of a mean m of logarithms. */
export function expOf({ mean, n, error, interval }: WindowMean): MetricValue {
  const value = Math.exp(mean)
  return {
    value,
    n,
    ...(error !== undefined && { error: value * error }),
    ...(interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) }),
  }
}
