import type { Ns } from '../domain/timeline.ts'

/** Calls once `ms` have passed by the clock that stamps, never before: a timer alone may be early. */
export function callAfter(ms: number, now: () => Ns, call: () => void): { stop: () => void } {
  const endsAt = now() + ms * 1e6
  let timer = setTimeout(look, ms)
  function look() {
    const leftMs = (endsAt - now()) / 1e6
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs))
    else call()
  }
  return { stop: () => clearTimeout(timer) }
}
