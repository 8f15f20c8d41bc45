import type { Ns } from './timeline.ts'

/** Times as `ContentEvents` keeps them: whole microseconds from `sent`, each rounded once, as differences of the rounded times. */
export function encodeTimes(times: ArrayLike<Ns>, sent: Ns): number[] {
  const deltasUs: number[] = []
  let last = 0
  // Not an iterator: this runs while other answers come.
  for (let i = 0; i < times.length; i += 1) {
    const us = Math.round(((times[i] as Ns) - sent) / 1000)
    deltasUs.push(us - last)
    last = us
  }
  return deltasUs
}
