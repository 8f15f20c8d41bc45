import type { KneeSearch, Probe } from '../domain/plan.ts'

/**
 * A rate that was tried. Whether the server would have kept up cannot be said of `client`, because the client did not, and of
 * `too-few-clients`, because arrivals waited for one of the load's.
 */
export type Tried = {
  probe: Probe
  verdict: 'good' | 'missed' | 'client' | 'too-few-clients'
  /** Why a request failed, where one did. */
  failure?: string
}

export type KneeOptions = {
  /** Arrivals per second: where to begin, and the range to stay in. */
  from: number
  least: number
  most: number
}

/** What came of it; `undefined` where not even the least rate was good. */
export type FoundKnee = { probes: readonly Probe[]; knee: Pick<KneeSearch, 'ratePerSecond' | 'atLeast'> | undefined }

/** From one rate to the next while all is well, or nothing. */
const factor = 4
/** How near the highest good rate is to the lowest that was not. */
const near = 1.05

/**
 * Finds the highest rate that is good: in large steps up from a low one (or down, where that is too much) until one is good and
 * the next is not, then by halving between them in logarithms, to within 5 %. Noise costs precision, not an end.
 */
export async function findKnee(
  tryRate: (ratePerSecond: number) => Promise<Tried>,
  { from, least, most }: KneeOptions,
): Promise<FoundKnee> {
  const probes: Probe[] = []
  const verdictAt = async (rate: number) => {
    const { probe, verdict } = await tryRate(rate)
    probes.push(probe)
    return verdict
  }
  let [rate, verdict] = [from, await verdictAt(from)]
  let [low, high]: [number | undefined, { rate: number; verdict: typeof verdict } | undefined] = [undefined, undefined]
  for (;;) {
    if (verdict === 'good') low = Math.max(rate, low ?? rate)
    else high = { rate, verdict }
    if (low !== undefined && high !== undefined && high.rate / low <= near) break
    if (low === undefined && rate === least) return { probes, knee: undefined }
    if (high === undefined && rate === most) break
    rate = nextRate(low, high?.rate, { least, most })
    if (rate === low || rate === high?.rate) break
    verdict = await verdictAt(rate)
  }
  const atLeast = high === undefined ? 'range' : high.verdict
  return { probes, knee: { ratePerSecond: roundedDown(low as number), ...(isBound(atLeast) && { atLeast }) } }
}

/** Whether what ended the search upwards was not the server. */
const isBound = (end: Tried['verdict'] | 'range'): end is NonNullable<KneeSearch['atLeast']> =>
  end !== 'missed' && end !== 'good'

function nextRate(
  low: number | undefined,
  high: number | undefined,
  { least, most }: Pick<KneeOptions, 'least' | 'most'>,
) {
  if (low === undefined) return Math.max(least, readable((high as number) / factor))
  return high === undefined ? Math.min(most, readable(low * factor)) : readable(Math.sqrt(low * high))
}

const readable = (rate: number) => Number(rate.toPrecision(3))

/** Two digits, below 20 of them in halves: 43.7 becomes 43, 10.7 becomes 10.5. It loses less than 5 %. */
export function roundedDown(rate: number): number {
  const unit = 10 ** (Math.floor(Math.log10(rate)) - 1)
  const step = rate < 20 * unit ? unit / 2 : unit
  return Number((Math.floor(rate / step + 1e-9) * step).toPrecision(3))
}
