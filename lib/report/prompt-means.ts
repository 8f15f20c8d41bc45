import type { RequestRow } from '../domain/plan-data.ts'

/** What the measured requests of one prompt in one trial came to. */
export type PromptSeen = {
  measured: number
  failed: number
  /** Geometric means over those that succeeded; absent where none did. */
  e2eMs?: number
  requestTps?: number
  /** Output tokens of those that succeeded, as far as they are known. */
  tokens?: { least: number; most: number }
}

/** With more prompts than this nothing is told by prompt: it would be a table that nobody reads. */
export const mostPrompts = 8

type Sum = { logs: number; n: number }
type Sums = { measured: number; failed: number; e2e: Sum; tps: Sum; least: number; most: number }

/** Takes in the requests of one trial, one by one; what it keeps is small however many there are. */
export class PromptMeans {
  readonly #prompts = new Map<string, Sums>()
  #tooMany = false

  add(row: RequestRow): void {
    if (this.#tooMany || row.part !== 'completion') return
    const sums = this.#prompts.get(row.promptId) ?? this.#begun(row.promptId)
    if (sums === undefined) return
    sums.measured += 1
    if (row.status === 'failed') sums.failed += 1
    else {
      addTo(sums.e2e, row.metrics.e2e_ms)
      addTo(sums.tps, row.metrics.request_tps)
      if (row.outputTokens === undefined) return
      sums.least = Math.min(sums.least, row.outputTokens)
      sums.most = Math.max(sums.most, row.outputTokens)
    }
  }

  #begun(promptId: string): Sums | undefined {
    this.#tooMany = this.#prompts.size === mostPrompts
    if (this.#tooMany) return undefined
    const none = { logs: 0, n: 0 }
    const sums = { measured: 0, failed: 0, e2e: { ...none }, tps: { ...none }, least: Infinity, most: 0 }
    this.#prompts.set(promptId, sums)
    return sums
  }

  result(): ReadonlyMap<string, PromptSeen> {
    if (this.#tooMany) return new Map()
    return new Map([...this.#prompts].map(([id, sums]) => [id, seen(sums)]))
  }
}

function addTo(sum: Sum, value: number | undefined): void {
  if (value === undefined) return
  sum.logs += Math.log(value)
  sum.n += 1
}

function seen({ measured, failed, e2e, tps, least, most }: Sums): PromptSeen {
  return {
    measured,
    failed,
    ...(e2e.n > 0 && { e2eMs: Math.exp(e2e.logs / e2e.n) }),
    ...(tps.n > 0 && { requestTps: Math.exp(tps.logs / tps.n) }),
    ...(least <= most && { tokens: { least, most } }),
  }
}
