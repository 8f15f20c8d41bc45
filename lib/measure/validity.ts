import { asksServer, type BackendConfig } from '../domain/backend-config.ts'
import type { ArtifactDescription, HardwareConfig } from '../domain/cell.ts'
import { metrics } from '../domain/metric.ts'
import type { ClientHealth, Invalidity, TrialEnd } from '../domain/record.ts'
import { thousands } from '../domain/thousands.ts'
import type { TrialFacts } from './trial-facts.ts'
import { weightsRead } from './weights-read.ts'

/** What is known of a trial beside its requests. */
export type TrialSetting = {
  end: TrialEnd
  backend: BackendConfig
  hardware: Pick<HardwareConfig, 'memoryBytesPerSecond'>
  /** Where a server was asked. */
  client?: ClientHealth
  /** What is known of the model; nothing where a server has it. */
  model?: Partial<ArtifactDescription>
}

/** A client's delay is its server's business up to here, and up to this share of what is measured. */
const delayLimitMs = 1
const delayLimitShare = 0.05
/** What all prompts share (a chat's template, a system's message) comes from a cache, in whole blocks, without any harm. */
const cachedShare = 0.1
const countShare = 0.1
const countAnswers = 0.2
/** By how much the time that requests were under way may differ between two ways to count it: of all of it, and of each request. */
const lawShare = 0.05
const lawMs = 1
/** What may lie in the caches of a large processor, which are faster than its memory. */
const cacheBytes = 2 ** 29

/** Why a trial must not be used in a verdict, as far as its requests and its client can tell; nothing if it may. */
export function invalidities(facts: TrialFacts, setting: TrialSetting): Invalidity[] {
  const { client } = setting
  return [
    ...(client === undefined
      ? []
      : [late(facts), apart(facts, client), busy(facts, client), littlesLaw(facts, client, setting.end)]),
    cachedPrompts(facts, setting.backend),
    tokenCount(facts),
    beyondBandwidth(facts, setting),
  ].filter((found) => found !== undefined)
}

type Latency = keyof TrialFacts['latencies']

/** What a request that leaves late spoils: the gaps between its tokens are the same. */
const countedFromSend: readonly Latency[] = ['ttft_ms']

/** What a client spoils that comes late to what has arrived: where a server says no tokens, the gaps between its events. */
const countedFromArrival = ({ latencies }: TrialFacts): Latency[] =>
  latencies.tpot_ms.median() === undefined ? ['ttft_ms', 'icl_ms'] : ['ttft_ms', 'tpot_ms']

/** The smallest median of these: the first that a delay spoils. */
function shortestLatency(
  { latencies }: TrialFacts,
  among: readonly Latency[],
): { metric: Latency; ms: number } | undefined {
  const medians = among.flatMap((metric) => {
    const ms = latencies[metric].median()
    return ms === undefined ? [] : [{ metric, ms }]
  })
  return medians.toSorted((a, b) => a.ms - b.ms)[0]
}

function beyondLimit(facts: TrialFacts, delayMs: number, among: readonly Latency[]): string | undefined {
  const shortest = shortestLatency(facts, among)
  if (shortest === undefined || delayMs <= Math.max(delayLimitMs, delayLimitShare * shortest.ms)) return undefined
  return `more than ${delayLimitMs} ms and than 5 % of the median ${metrics[shortest.metric].label} of ${shortest.ms.toFixed(2)} ms`
}

function late(facts: TrialFacts): Invalidity | undefined {
  const { n } = facts.sendLagMs
  // Of up to 100 requests one may be late by accident: the percentile is not that one.
  const lagMs = facts.sendLagMs.ranked(Math.max(1, Math.min(Math.ceil(0.99 * n), n - 1))) ?? 0
  const limit = beyondLimit(facts, lagMs, countedFromSend)
  if (limit === undefined) return undefined
  return {
    reason: 'client-late',
    detail: `the client let requests go ${lagMs.toFixed(2)} ms late (99th percentile of ${thousands(n)}): ${limit}`,
  }
}

/** Requests of a process that began late leave late by the schedule of the whole load, which their own records cannot show. */
function apart(facts: TrialFacts, { beganApartMs, processes }: ClientHealth): Invalidity | undefined {
  const limit = beganApartMs === undefined ? undefined : beyondLimit(facts, beganApartMs, countedFromSend)
  if (beganApartMs === undefined || limit === undefined) return undefined
  return {
    reason: 'client-late',
    detail: `the ${processes} processes of the client began up to ${beganApartMs.toFixed(2)} ms apart: ${limit}`,
  }
}

function busy(facts: TrialFacts, { loopDelayMs: { p99 } }: ClientHealth): Invalidity | undefined {
  const limit = beyondLimit(facts, p99, countedFromArrival(facts))
  if (limit === undefined) return undefined
  return {
    reason: 'client-busy',
    detail: `the client came ${p99.toFixed(2)} ms late to what was due (99th percentile): ${limit}`,
  }
}

/**
 * Little's law: requests under way on average = their rate times their mean time. The left side is what the client counted
 * while it sent and waited, the right side what its records say. Both are over all measured requests from the first to the
 * last, so that nothing crosses an edge: what remains between them is what the client needs around each request. They are held
 * against each other as times added up; averages are told over the stretch of each, as the client's begins before the first
 * request leaves and ends when it is done with the last.
 */
function littlesLaw(facts: TrialFacts, { underWay, loopDelayMs }: ClientHealth, end: TrialEnd): Invalidity | undefined {
  if (underWay === undefined || end.status !== 'ok') return undefined
  // Those that a load had no time to let go are recorded as well.
  if (facts.requests < underWay.requests) {
    const [sent, kept] = [underWay.requests, facts.requests].map(thousands)
    return { reason: 'littles-law', detail: `the client let ${sent} requests go, and ${kept} of them were recorded` }
  }
  if (facts.spanUs === 0) return undefined
  const [counted, recorded, span] = [underWay.seconds, facts.underWayUs / 1e6, facts.spanUs / 1e6]
  const around = lawShare * Math.max(counted, recorded) + (facts.requests * (lawMs + 2 * loopDelayMs.p99)) / 1000
  // Late ones may have been in the client's hands before they left, which is told as that.
  if (counted >= recorded - around && counted <= recorded + facts.lateUs / 1e6 + around) return undefined
  // Each side over its own stretch: by what it says, no more of them were under way than there are clients.
  const average = counted / Math.max(span, underWay.stretchSeconds ?? 0)
  const rate = (facts.requests / span).toFixed(2)
  const meanMs = ((1000 * recorded) / facts.requests).toFixed(2)
  return {
    reason: 'littles-law',
    detail: `the client had ${average.toFixed(2)} requests under way on average, ${counted.toFixed(2)} s in all, but their records say ${rate} per second times ${meanMs} ms, which is ${(recorded / span).toFixed(2)} and ${recorded.toFixed(2)} s`,
  }
}

function cachedPrompts({ prompts }: TrialFacts, backend: BackendConfig): Invalidity | undefined {
  if (!asksServer(backend) || !backend.salt) return undefined
  const { tokens, cached } = prompts
  if (!(cached > cachedShare * tokens)) return undefined
  return {
    reason: 'cached-prompts',
    detail: `the server took ${thousands(cached)} of ${thousands(tokens)} prompt tokens from its cache (${percent(cached, tokens)}), although each prompt begins otherwise`,
  }
}

function tokenCount({ outputs }: TrialFacts): Invalidity | undefined {
  const { answers, differing, said, counted } = outputs
  const inSum = Math.abs(said - counted) > countShare * counted
  if (answers === 0 || !(inSum || differing > countAnswers * answers)) return undefined
  return {
    reason: 'token-count',
    detail: `the server says ${thousands(said)} output tokens, the tokenizer counts ${thousands(counted)}; ${thousands(differing)} of ${thousands(answers)} answers differ by more than a tenth`,
  }
}

function beyondBandwidth(facts: TrialFacts, { hardware, model }: TrialSetting): Invalidity | undefined {
  const { memoryBytesPerSecond: most } = hardware
  const bytes = model === undefined ? undefined : weightsRead(model)
  const tps = facts.decodeTps.median()
  if (most === undefined || bytes === undefined || bytes <= cacheBytes || tps === undefined) return undefined
  if (tps * bytes <= most) return undefined
  return {
    reason: 'beyond-bandwidth',
    detail: `${tps.toFixed(1)} tokens/s of a request read ${gigabytes(bytes)} GB of weights each, ${gigabytes(tps * bytes)} GB/s, from a memory of ${gigabytes(most)} GB/s`,
  }
}

const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`
const gigabytes = (count: number) => (count / 1e9).toFixed(1)
