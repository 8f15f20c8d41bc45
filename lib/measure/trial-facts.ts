import type { WorkloadConfig } from '../domain/cell.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { QuantileSketch } from '../stats/quantile-sketch.ts'
import { deriveRequest } from './derive-request.ts'
import { sendLagMs } from './send-lag.ts'

/** Beyond this two counts of one answer's tokens differ: an end-of-sequence token more or less is no lie. */
const alikeShare = 0.1
const alikeTokens = 2

/** What the rules of validity need of a trial's measured requests: sums and quantiles, however many there are. */
export class TrialFacts {
  /** Measured, whatever became of them. */
  requests = 0
  readonly sendLagMs = new QuantileSketch()
  readonly latencies = { ttft_ms: new QuantileSketch(), tpot_ms: new QuantileSketch(), icl_ms: new QuantileSketch() }
  readonly decodeTps = new QuantileSketch()
  /** How long they were under way by their own records, added up, and the stretch from the first of that to the last end. */
  underWayUs = 0
  /** How late they left, added up: the client may have had them in hand for so long before. */
  lateUs = 0
  #firstUs = Number.POSITIVE_INFINITY
  #lastUs = Number.NEGATIVE_INFINITY
  /** Tokens of prompts of which the server said how many it had cached, and those. */
  readonly prompts = { tokens: 0, cached: 0 }
  /** Output tokens of answers that were counted twice, by the server and by a tokenizer. */
  readonly outputs = { answers: 0, differing: 0, said: 0, counted: 0 }
  readonly #conversations: ReadonlySet<string>

  /** A conversation's later turns begin with all that was said: a cache that has it is no lie. */
  constructor(workload: WorkloadConfig) {
    const prompts = 'prompts' in workload ? workload.prompts : []
    this.#conversations = new Set(prompts.filter(({ followUps = [] }) => followUps.length > 0).map(({ id }) => id))
  }

  add(request: RequestTimeline): void {
    if (request.phase !== 'measured') return
    const { sentUs, doneUs, connectUs = 0 } = request
    this.requests += 1
    this.sendLagMs.add(sendLagMs(request))
    this.underWayUs += connectUs + doneUs
    this.lateUs += 1000 * sendLagMs(request)
    this.#firstUs = Math.min(this.#firstUs, sentUs - connectUs)
    this.#lastUs = Math.max(this.#lastUs, sentUs + doneUs)
    if (request.outcome.status === 'ok') this.#addAnswer(request)
  }

  /** From when the first was sent, or its connection opened, to the last end. */
  get spanUs(): number {
    return Math.max(0, this.#lastUs - this.#firstUs)
  }

  #addAnswer(answer: RequestTimeline): void {
    const { ttft_ms, tpot_ms, icl_ms, decode_tps } = deriveRequest(answer)
    if (ttft_ms !== undefined) this.latencies.ttft_ms.add(ttft_ms)
    if (tpot_ms !== undefined) this.latencies.tpot_ms.add(tpot_ms)
    if (icl_ms !== undefined) this.latencies.icl_ms.add(icl_ms)
    if (decode_tps !== undefined) this.decodeTps.add(decode_tps)
    this.#addPrompt(answer)
    const { outputTokens: said, countedTokens: counted } = answer
    if (said !== undefined && counted !== undefined) this.addOutput(said, counted)
  }

  #addPrompt({ promptId, promptTokens, cachedTokens }: RequestTimeline): void {
    if (promptTokens === undefined || cachedTokens === undefined || this.#conversations.has(promptId)) return
    this.prompts.tokens += promptTokens
    this.prompts.cached += cachedTokens
  }

  /** Of an answer the output tokens that its server said, and those that a tokenizer counts: known when the trial has ended. */
  addOutput(said: number, counted: number): void {
    this.outputs.answers += 1
    this.outputs.said += said
    this.outputs.counted += counted
    if (Math.abs(said - counted) > Math.max(alikeTokens, alikeShare * counted)) this.outputs.differing += 1
  }
}
