import type { Ns } from './timeline.ts'

/** Times as `ContentEvents` keeps them: whole microseconds from `sent`, each rounded once, as differences of the rounded times. */
export function encodeTimes(times: Iterable<Ns>, sent: Ns): number[] {
  const deltasUs: number[] = []
  let last = 0
  for (const time of times) {
    const us = Math.round((time - sent) / 1000)
    deltasUs.push(us - last)
    last = us
  }
  return deltasUs
}
