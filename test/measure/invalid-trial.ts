import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { WorkloadConfig } from '../../lib/domain/cell.ts'
import type { ClientHealth } from '../../lib/domain/record.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { TrialFacts } from '../../lib/measure/trial-facts.ts'
import { invalidities, type TrialSetting } from '../../lib/measure/validity.ts'

export const wire = { kind: 'openai', clientProcesses: 1, salt: true } as BackendConfig
export const chat = { kind: 'chat', prompts: [{ id: 'p1', text: 'a' }] } as unknown as WorkloadConfig
const still = { p50: 0, p99: 0, max: 0 }
export const calm: ClientHealth = {
  processes: 1,
  cpuCores: 0.1,
  loopDelayMs: still,
  events: 3,
  reads: 3,
  eventsPerRead: still,
}
export const ok: TrialSetting = { end: { status: 'ok' }, backend: wire, hardware: {}, client: calm }

/** Why a trial of these requests is invalid, by reason. */
export function found(requests: readonly RequestTimeline[], change: Partial<TrialSetting> = {}, workload = chat) {
  const facts = new TrialFacts(workload)
  for (const request of requests) facts.add(request)
  return Object.fromEntries(
    invalidities(facts, { ...ok, ...change }).map(({ reason, detail }) => [reason, detail] as const),
  )
}
export const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))
