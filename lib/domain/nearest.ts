const longestWord = 64

/**
 * The candidate that `word` was most likely meant to be: two edits away at most, one for a short word; else the shortest one
 * that begins with the whole word (`ttft` for `ttft_ms`).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined
  const most = word.length < 4 ? 1 : 2
  let best: { candidate: string; edits: number } | undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > most) continue
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (edits >= Math.min(word.length, candidate.length)) continue // nothing of it is left: 3 is not near 1
    if (edits <= most && edits < (best?.edits ?? Infinity)) best = { candidate, edits }
  }
  return best?.candidate ?? longer(word, candidates)
}

/** `rate` is the beginning of `ratePerSecond` and `ttft` of `ttft_ms`, but `rat` is of neither. */
function longer(word: string, candidates: readonly string[]): string | undefined {
  if (word.length < shortestBeginning) return undefined
  return candidates
    .filter((each) => each.startsWith(word) && /[^a-z0-9]/.test(each.charAt(word.length)))
    .toSorted((a, b) => a.length - b.length)[0]
}
const shortestBeginning = 3

/** `, did you mean "x"?` where a candidate is near, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates)
  return near === undefined ? '' : `, did you mean "${near}"?`
}

/** Levenshtein's distance, a swap of two neighbours counted as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, change)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
