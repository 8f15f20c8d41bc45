import type { FailureReason } from './timeline.ts'

/** Failures that may not happen again: what failed so is retried. The others would fail in the same way. */
export const passingFailures: readonly FailureReason[] = [
  'crashed',
  'engine-error',
  'port-in-use',
  'load-timeout',
  'first-token-timeout',
  'stall',
  'trial-timeout',
]
