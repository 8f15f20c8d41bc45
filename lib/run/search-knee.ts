import type { Cell } from '../domain/cell.ts'
import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import { kneeGoodput, type KneeSearch, type Probe } from '../domain/plan.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { findKnee, type KneeOptions, type Tried } from './find-knee.ts'
import { kneeText, probeLine } from './probe-lines.ts'
import { cellLabel } from './progress-lines.ts'

/** From a rate that anything on this machine can bear, over what an engine may take, to the most that a file may ask for. */
const range: KneeOptions = { from: 1, least: 0.05, most: 100_000 }
/** Short of the knee by less than this it may have been bad luck. */
const narrowMiss = 0.8

/** Finds the knee of a cell, and tells of each rate that is tried. Throws a `UserError` where there is none. */
export async function searchKnee(
  cell: Cell,
  tryRate: (ratePerSecond: number) => Promise<Tried>,
  say: (line: string) => void,
): Promise<KneeSearch> {
  const { 'load.ratePerSecond': _, ...axes } = cell.axes
  const label = cellLabel({ axes })
  const what = label === '' ? '' : ` of ${label}`
  say(`looking for the knee${what}: the highest rate at which ${percent(kneeGoodput)} are good`)
  let wasInTime = false
  let last: Tried | undefined
  const tryOnce = async (rate: number): Promise<Tried> => {
    last = await tryRate(rate)
    say(probeLine(last.probe))
    if (last.verdict === 'good') wasInTime = true // of one that was ended early nobody knows
    return wasInTime ? last : unlessGood(last)
  }
  const tryWell = async (rate: number) => {
    const tried = await tryOnce(rate)
    return isDoubtful(tried) ? tryOnce(rate) : tried
  }
  const { knee, probes } = await findKnee(tryWell, range)
  if (knee === undefined) throw noKnee(cell, probes.at(-1) as Probe, last?.failure)
  say(`  the knee: ${kneeText(knee)}`)
  return { cellId: cell.id, ...knee, probes }
}

/**
 * A client that has been late at every rate until now is late because the machine is busy, and not because of the rate: what is
 * good in spite of that is good.
 */
const unlessGood = (tried: Tried): Tried =>
  tried.verdict === 'client' && tried.probe.goodput >= kneeGoodput ? { ...tried, verdict: 'good' } : tried

/** What may be the doing of something else is tried once more. */
const isDoubtful = ({ verdict, probe: { invalid, goodput } }: Tried) =>
  verdict === 'client' || (verdict === 'missed' && (invalid !== undefined || goodput >= narrowMiss))

function noKnee(cell: Cell, probe: Probe, failure: string | undefined): UserError {
  const { ratePerSecond, goodput, requests, invalid, waited } = probe
  const few = waited && `${percent(waited)} waited for one of load.clients, ${cell.config.load.clients}`
  const why = [failure, invalid && `invalid: ${invalid}`, few].filter((part) => typeof part === 'string')
  const doubts = why.length === 0 ? '' : ` (${why.map(plain).join('; ')})`
  return new UserError(
    `no rate is good for ${cellLabel(cell)}: at ${ratePerSecond}/s ${percent(goodput)} of ${requests} requests met the objectives${doubts}: ${waited === undefined ? 'let them have more' : 'raise load.clients'}, or give a number for load.ratePerSecond`,
    exitCodes.unavailable,
  )
}
