import type { MetricFacts } from './metric-facts.ts'
import { qualityMetrics } from './quality-metrics.ts'
import { requestMetrics } from './request-metrics.ts'
import { resourceMetrics } from './resource-metrics.ts'
import { serverMetrics } from './server-metrics.ts'
import { trialMetrics } from './trial-metrics.ts'

/** Raised only when measuring or a definition itself changes, so that an ordinary commit breaks nothing. */
export const measurementVersion = 3

/** Every metric that is derived from raw timings: the names of the views' columns. */
export const metrics = {
  ...requestMetrics,
  ...trialMetrics,
  ...qualityMetrics,
  ...serverMetrics,
  ...resourceMetrics,
} as const

export type Metric = keyof typeof metrics

/** What is said of a metric, with what only some have. */
export const factsOf = (metric: Metric): MetricFacts => metrics[metric]

/** Whether a metric says what a model answers, and not how fast. */
export const isQuality = (metric: Metric): boolean => Object.hasOwn(qualityMetrics, metric)

/** One metric of one trial. */
export type MetricValue = {
  value: number
  /** Requests (or scored tokens) behind it. */
  n?: number
  median?: number
  /** Only where there are enough samples: ceil(10 / (1 - q)). */
  p90?: number
  p95?: number
  p99?: number
  /** One standard error, where the definition carries one (quality metrics). */
  error?: number
  /** 95 % interval by bootstrap over windows (quality metrics). */
  low?: number
  high?: number
}
