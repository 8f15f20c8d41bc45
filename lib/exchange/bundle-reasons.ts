import type { InvalidReason } from '../domain/record.ts'
import type { FailureReason } from '../domain/timeline.ts'
import { z } from '../parse/schema.ts'

const failures = {
  'load-timeout': true,
  'first-token-timeout': true,
  stall: true,
  'trial-timeout': true,
  crashed: true,
  'start-failed': true,
  'port-in-use': true,
  'engine-error': true,
  'out-of-memory': true,
  'context-overflow': true,
  'accelerator-missing': true,
  'artifact-missing': true,
  refused: true,
  'chat-template': true,
  unreachable: true,
  unauthorized: true,
  'rate-limited': true,
  'server-error': true,
  'request-refused': true,
  'connection-reset': true,
  'closed-early': true,
  'error-in-stream': true,
  'malformed-response': true,
  nonsense: true,
  'cut-off': true,
  stopped: true,
} as const satisfies Record<FailureReason, true>

const invalidities = {
  contention: true,
  'clock-gap': true,
  'telemetry-missing': true,
  throttled: true,
  'client-late': true,
  'client-busy': true,
  'cached-prompts': true,
  'token-count': true,
  'littles-law': true,
  'beyond-bandwidth': true,
} as const satisfies Record<InvalidReason, true>

const oneOf = <T extends string>(words: Readonly<Record<T, true>>) => z.enum(Object.keys(words) as [T, ...T[]])

/** Reasons have words of their own, so that a bundle may have no other. */
export const failureReason = oneOf(failures)
export const invalidReason = oneOf(invalidities)
