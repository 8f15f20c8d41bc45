import type { Cell } from '../domain/cell.ts'
import { hasLateClient, kneeGoodput, lacksClients, type Objectives, type Probe } from '../domain/plan.ts'
import type { Invalidity, SpoolRecord, TrialEnd } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { deriveTrial } from '../measure/derive-trial.ts'
import { waitedForClient, withoutPoolWait } from '../measure/pool-wait.ts'
import { meets } from '../measure/standing.ts'
import type { Tried } from './find-knee.ts'

/** So few may be an accident: the probe goes on to its end, which says whether it was valid. */
const fewMisses = 2

/** Takes in what comes of a probe. */
export class ProbeWatch {
  readonly #cell: Cell
  readonly #objectives: Objectives
  readonly #expected: number
  readonly #hopeless = new AbortController()
  /** By the number of the record. */
  readonly #requests = new Map<number, RequestTimeline>()
  #missed = 0
  #waited = 0
  #failure: string | undefined
  #invalid: readonly Invalidity[] = []
  end: TrialEnd | undefined

  constructor(cell: Cell, objectives: Objectives) {
    const { load } = cell.config
    this.#cell = cell
    this.#objectives = objectives
    this.#expected = 'requests' in load ? load.requests : Number.POSITIVE_INFINITY
  }

  /** Aborted when the rest cannot make it good. */
  get hopeless(): AbortSignal {
    return this.#hopeless.signal
  }

  take(records: readonly SpoolRecord[]): void {
    for (const record of records) {
      if (record.kind === 'request' && record.phase === 'measured' && !isStopped(record)) this.#takeRequest(record)
      if (record.kind === 'counted') for (const each of record.tokens) this.#takeCount(...each)
      if (record.kind === 'trial-ended') {
        this.end = record.end
        this.#invalid = record.invalid
      }
    }
  }

  #takeRequest({ n, ...request }: Extract<SpoolRecord, { kind: 'request' }>): void {
    const { outcome } = request
    this.#requests.set(n, withoutText(request))
    if (outcome.status === 'failed') this.#failure ??= `${outcome.reason}: ${outcome.detail}`
    if (this.#hasMissed(request)) this.#missed += 1
    if (waitedForClient(request)) this.#waited += 1
    const most = Math.max(fewMisses, (1 - kneeGoodput) * this.#expected)
    if (this.#missed > most || this.#waited > most) this.#hopeless.abort()
  }

  /** Whatever a tokenizer will count when the trial has ended. */
  #hasMissed(request: RequestTimeline): boolean {
    const { tpot_ms: _, ...withoutTokens } = this.#objectives
    const willBeCounted = request.outputTokens === undefined && tokenizerOf(this.#cell) !== undefined
    return request.outcome.status === 'failed' || !meets(request, willBeCounted ? withoutTokens : this.#objectives)
  }

  /** Where the server did not say how many tokens there are, these are the output's, as in the store. */
  #takeCount(record: number, tokens: number): void {
    const request = this.#requests.get(record)
    if (request === undefined || request.outputTokens !== undefined) return
    this.#requests.set(record, { ...request, outputTokens: tokens, tokensFrom: 'tokenizer' })
  }

  /** What was measured and not taken along by the probe's own end, without its text. */
  get requests(): readonly RequestTimeline[] {
    return [...this.#requests.values()]
  }

  /**
   * The share of arrivals that waited for a client, where that and not the server decides: too many did, and the server was good
   * from when each had one. Beyond a server's own capacity all clients are under way in the end, which is a miss of the server.
   */
  #waitedShare(): number | undefined {
    const waited = this.requests.filter(waitedForClient).length / this.requests.length
    if (!(waited > 1 - kneeGoodput)) return undefined
    const requests = this.requests.map(withoutPoolWait)
    const { goodput_share } = deriveTrial({ requests, memory: [], objectives: this.#objectives })
    return (goodput_share?.value ?? 0) >= kneeGoodput ? waited : undefined
  }

  /** Answers without tokens that can be counted, though an objective needs them; 0 where there are others too. */
  get uncountable(): number {
    if (this.#objectives.tpot_ms === undefined || tokenizerOf(this.#cell) !== undefined) return 0
    const answers = this.requests.filter(({ outcome }) => outcome.status === 'ok')
    return answers.every(({ outputTokens }) => outputTokens === undefined) ? answers.length : 0
  }

  tried(): Tried {
    const { load } = this.#cell.config
    const { requests } = this
    const metrics = deriveTrial({ requests, memory: [], load, objectives: this.#objectives })
    const goodput = metrics.goodput_share?.value ?? 0
    const { ttft_ms, tpot_ms } = metrics
    const waited = this.#waitedShare()
    const probe: Probe = {
      ratePerSecond: 'ratePerSecond' in load ? (load.ratePerSecond as number) : 0,
      goodput,
      requests: requests.length,
      ...(ttft_ms?.median !== undefined && { ttftMs: ttft_ms.median }),
      ...(tpot_ms?.median !== undefined && { tpotMs: tpot_ms.median }),
      ...(this.#invalid.length > 0 && { invalid: [...new Set(this.#invalid.map(({ reason }) => reason))].join(', ') }),
      ...(waited !== undefined && { waited }),
    }
    return { probe, verdict: verdictOf(probe), ...(this.#failure !== undefined && { failure: this.#failure }) }
  }
}

function verdictOf(probe: Probe): Tried['verdict'] {
  if (lacksClients(probe)) return 'too-few-clients' // a busy machine may have a late client too, and be good in spite of that
  if (hasLateClient(probe)) return 'client'
  return probe.goodput >= kneeGoodput ? 'good' : 'missed'
}

/** Its own end took it along: neither good nor missed. */
const isStopped = ({ outcome }: RequestTimeline) => outcome.status === 'failed' && outcome.reason === 'stopped'

/** What is judged are its times: the answers of a hundred thousand requests would fill the memory. */
function withoutText(request: RequestTimeline): RequestTimeline {
  const { output: _, stream: __, ...times } = request
  return times
}

const tokenizerOf = ({ config: { backend } }: Cell) => ('tokenizer' in backend ? backend.tokenizer : undefined)
