/** The `x` from which on a rising function of numbers above 0 is no longer below `target`, as far as doubles tell: by bisection. */
export function solveRising(rising: (x: number) => number, target: number): number {
  let high = 1
  while (rising(high) < target && high < Number.MAX_VALUE) high *= 2
  let low = high === 1 ? 0 : high / 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (rising(middle) < target) low = middle
    else high = middle
  }
}
