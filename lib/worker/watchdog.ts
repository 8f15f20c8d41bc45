import type { Ns } from '../domain/timeline.ts'

export type RequestLimits = { firstTokenMs: number; stallMs: number }
type Expired = { reason: 'first-token-timeout' | 'stall'; detail: string }

/**
 * Watches one request without being on its hot path: `onContent` stores a number, a timer looks at it when a limit could
 * have run out.
 */
export function watchRequest(limits: RequestLimits, now: () => Ns, onExpired: (expired: Expired) => void) {
  const sentAt = now()
  let lastAt: Ns | undefined
  // Whichever limit is shorter: the first content is not to be missed by a timer that looks for it too late.
  const mostMs = Math.min(limits.firstTokenMs, limits.stallMs)
  let timer = setTimeout(look, mostMs)
  function look() {
    const limitMs = lastAt === undefined ? limits.firstTokenMs : limits.stallMs
    const leftMs = limitMs - (now() - (lastAt ?? sentAt)) / 1e6
    if (leftMs > 0) timer = setTimeout(look, Math.min(mostMs, Math.ceil(leftMs)))
    else onExpired(lastAt === undefined ? noFirstToken(limitMs) : noNextToken(limitMs))
  }
  return {
    onContent: (at: Ns) => {
      lastAt = at
    },
    stop: () => clearTimeout(timer),
  }
}

const noFirstToken = (ms: number): Expired => ({
  reason: 'first-token-timeout',
  detail: `no token came within ${ms} ms`,
})
const noNextToken = (ms: number): Expired => ({ reason: 'stall', detail: `no further token came for ${ms} ms` })
