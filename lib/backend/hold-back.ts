import type { Ns } from '../domain/timeline.ts'

/**
 * Lets a token that was `share` faster come as late as if each took that much longer: waits for that share of the time since
 * `from`, nanoseconds, in a loop, as sleeping is not exact enough. `share` 0.05 is 5 %.
 */
export function holdBack(from: Ns, share: number, now: () => Ns): void {
  const came = now()
  const until = came + share * (came - from)
  while (now() < until);
}
