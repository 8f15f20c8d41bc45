import type { Ns } from '../domain/timeline.ts'

/** Aborts once `ms` have passed by the clock that stamps, never before: a timer alone may be early. */
export function abortAfter(ms: number, now: () => Ns, abort: AbortController): { stop: () => void } {
  const endsAt = now() + ms * 1e6
  let timer = setTimeout(look, ms)
  function look() {
    const leftMs = (endsAt - now()) / 1e6
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs))
    else abort.abort()
  }
  return { stop: () => clearTimeout(timer) }
}
