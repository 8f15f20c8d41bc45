import type { BlockLoss } from '../domain/verdict.ts'
import type { Evidence } from './evidence.ts'
import type { ShownPair } from './shown-pair.ts'

const sides: readonly BlockLoss['arm'][] = ['base', 'against']

/** `block 3: q4_0 invalid (throttled)`: why one block does not count. */
export function blockLossText({ words }: Evidence, { names }: ShownPair, losses: readonly BlockLoss[]): string {
  const [first] = losses
  if (first === undefined) return ''
  const inOrder = losses.toSorted((a, b) => sides.indexOf(a.arm) - sides.indexOf(b.arm))
  const reasons = inOrder.map(({ arm, why }) => {
    switch (why.status) {
      case 'failed':
        return words('ab.lost.failed', { name: names[arm], reason: words(`reason.${why.reason}`) })
      case 'invalid':
        return words('ab.lost.invalid', { name: names[arm], reason: words(`invalid.${why.reason}`) })
      case 'missing':
        return words('ab.lost.missing', { name: names[arm] })
    }
  })
  return words('ab.lost.block', { block: first.block + 1, what: [...new Set(reasons)].join(', ') })
}
