/** Numbers in [0, 1) from a seed, equal on every machine: mulberry32. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A copy in an order that the seed decides: Fisher-Yates. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomSequence(seed)
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const item = copy[last] as T
    copy[last] = copy[other] as T
    copy[other] = item
  }
  return copy
}
