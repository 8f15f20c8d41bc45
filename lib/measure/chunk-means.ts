/**
 * The mean of each chunk from means over all chunks up to it (M_n): n M_n - (n - 1) M_(n-1), where all chunks have as many tokens.
 * Of perplexities it is taken of their logarithms: nats per token.
 */
export function chunkMeans(cumulative: readonly number[]): number[] {
  return cumulative.map((mean, at) => (at + 1) * mean - at * (cumulative[at - 1] ?? 0))
}

/**
 * By how much the value of a chunk may be wrong at most, where each cumulative mean may be wrong by `exact` of it. What one chunk has too
 * much the next has too little, so that their mean is as exact as the last of them; their spread is the larger, and an interval the wider.
 */
export function chunkRounding(exact: readonly number[]): number {
  return exact.reduce((most, own, at) => Math.max(most, (at + 1) * own + at * (exact[at - 1] ?? 0)), 0)
}
