import type { LoadConfig } from '../domain/cell.ts'
import type { Ns } from '../domain/timeline.ts'

/** Of `parts` processes that drive one load together, this is the one that is counted `part`, from 0. */
export type Share = { part: number; parts: number }
export const wholeLoad: Share = { part: 0, parts: 1 }

/** How many of so many clients or requests are this process's: every `parts`-th. */
export const shareOf = (count: number, { part, parts }: Share): number => Math.ceil((count - part) / parts)

/** What this process counts as its `index`-th, as the whole load counts it. */
export const inWhole = (index: number, { part, parts }: Share): number => index * parts + part

/** Every `parts`-th arrival. */
export function* shareOfArrivals(schedule: Iterable<Ns>, { part, parts }: Share): Generator<Ns> {
  let index = 0
  for (const offset of schedule) {
    if (index % parts === part) yield offset
    index += 1
  }
}

/** A load as this process prepares for it: its clients, and the requests that it has of them. */
export function shareOfLoad(load: LoadConfig, share: Share): LoadConfig {
  const clients = shareOf(load.clients, share)
  return 'requests' in load ? { ...load, clients, requests: shareOf(load.requests, share) } : { ...load, clients }
}
