/** Something with a price that does so much. */
export type Priced = { name: string; price: number; performance: number }

/** What more money buys. Prices and performances are in the units of what was given. */
export type Marginal = Priced & {
  /** The cheapest that costs no more and does at least as much: nobody who knows it pays for this one. Absent on the frontier. */
  dominatedBy?: Priced
  /** On the frontier, from the next cheaper one of it: absent for the cheapest. */
  step?: { from: Priced; price: number; performance: number; pricePerUnit: number }
  /** Against the base: how much more, and how many times as much. */
  toBase: { price: number; performance: number; priceRatio: number; performanceRatio: number }
}

/**
 * What each of `items` adds to the next cheaper one along the efficient frontier (those that nothing beats at their price or
 * below), and to `base`; by price, the faster of two at one price first.
 */
export function marginals(items: readonly Priced[], base: Priced): Marginal[] {
  const sorted = items.toSorted((a, b) => a.price - b.price || b.performance - a.performance)
  const frontier: Priced[] = []
  return sorted.map((item) => {
    const toBase = againstBase(item, base)
    const before = frontier.at(-1)
    if (before !== undefined && before.performance >= item.performance) {
      const dominatedBy = frontier.find(({ performance }) => performance >= item.performance) ?? before
      return { ...item, dominatedBy, toBase }
    }
    frontier.push(item)
    return before === undefined ? { ...item, toBase } : { ...item, step: stepOf(before, item), toBase }
  })
}

function stepOf(from: Priced, to: Priced): NonNullable<Marginal['step']> {
  const [price, performance] = [to.price - from.price, to.performance - from.performance]
  return { from, price, performance, pricePerUnit: price / performance }
}

function againstBase({ price, performance }: Priced, base: Priced): Marginal['toBase'] {
  return {
    price: price - base.price,
    performance: performance - base.performance,
    priceRatio: price / base.price,
    performanceRatio: performance / base.performance,
  }
}
