/** An arrival waited for a client where it did for longer than both: less hardly tells beside its `ttft_ms` (0 where it has none). */
export const noticeableWait = { ms: 1, shareOfTtft: 0.05 } as const
