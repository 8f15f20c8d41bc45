import { isQuality, type Metric } from './metric.ts'
import type { Invalidity, InvalidReason } from './record.ts'

/** Whether what a model answers is in doubt as well, and not only how fast it did: all others disturb times and counts alone. */
const spoilsAnswers: Readonly<Record<InvalidReason, boolean>> = {
  contention: false,
  'clock-gap': false,
  'telemetry-missing': false,
  throttled: false,
  'client-late': false,
  'client-busy': false,
  'cached-prompts': false,
  'token-count': false,
  'beyond-bandwidth': false,
  // Records of answers may be lacking.
  'littles-law': true,
}

/** The reasons for which not even a quality metric counts. */
export const spoilingAnswers = (Object.keys(spoilsAnswers) as InvalidReason[]).filter((reason) => spoilsAnswers[reason])

/** Whether a reason makes a trial's value of a metric unusable: of a quality metric, which is deterministic, hardly any does. */
export const spoils = (reason: InvalidReason, metric: Metric): boolean => !isQuality(metric) || spoilsAnswers[reason]

/** Whether a trial's value of a metric may be used in a verdict, and in a mean. */
export const isValidFor = ({ invalid }: { invalid: readonly Invalidity[] }, metric: Metric): boolean =>
  invalid.every(({ reason }) => !spoils(reason, metric))
