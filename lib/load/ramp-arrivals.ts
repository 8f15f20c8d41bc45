import type { LoadEnd } from '../domain/cell.ts'
import type { Ns } from '../domain/timeline.ts'
import { exponential } from './gap.ts'

type Ramp = { fromPerSecond: number; toPerSecond: number } & LoadEnd

/**
 * A rate that rises or falls evenly over the whole load, drawn as a Poisson process whose rate moves: arrivals of one of rate 1,
 * put where the integral of the rate has their value (E. Cinlar, "Introduction to Stochastic Processes", 1975, chapter 4.7).
 */
export function* rampArrivals(load: Ramp, random: () => number): Generator<Ns> {
  const { fromPerSecond: from, toPerSecond: to } = load
  const seconds = 'durationMs' in load ? load.durationMs / 1000 : (2 * load.requests) / (from + to)
  const whole = ((from + to) / 2) * seconds
  const expected = 'durationMs' in load ? arrivalsUntil(whole, random) : arrivalsAmong(load.requests, whole, random)
  for (const count of expected) yield Math.round(1e9 * secondsAt(count, { from, to, seconds }))
}

/** From 0 on at exponential gaps. */
function* arrivalsUntil(whole: number, random: () => number): Generator<number> {
  for (let at = 0; at < whole; at += exponential(random)) yield at
}

/**
 * The first at 0, the others as a Poisson process has them where their number is known: sorted uniform draws, each from the
 * one before it (D. Lurie, H. O. Hartley, "Machine-generation of order statistics", The American Statistician 26, 1972).
 */
function* arrivalsAmong(requests: number, whole: number, random: () => number): Generator<number> {
  let left = 1
  for (let index = 0; index < requests; index += 1) {
    yield whole * (1 - left)
    left *= Math.exp(-exponential(random) / (requests - 1 - index))
  }
}

/** When the integral of the rate is `count`: the root of `from t + (to - from) t^2 / (2 seconds)`, in a form that holds for equal rates too. */
function secondsAt(count: number, { from, to, seconds }: { from: number; to: number; seconds: number }): number {
  if (count === 0) return 0
  const slope = (to - from) / seconds
  return (2 * count) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * count)))
}
