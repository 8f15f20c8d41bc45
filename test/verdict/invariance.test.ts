import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import { randomSequence, shuffled } from '../../lib/domain/seeded.ts'
import type { MetricComparison, VerdictRow } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, type Measured, noise } from './compared-fixture.ts'

const margins: readonly { metric: Metric; margin: number }[] = [
  { metric: 'decode_tps', margin: 0.02 },
  { metric: 'e2e_ms', margin: 0.02 },
  { metric: 'error_rate', margin: 0.01 },
]
const seeds = Array.from({ length: 8 }, (_, seed) => seed)

/** What two arms and the twin of the first measured, block by block: a change and noise of some size, an outlier, something lost or failed. */
function dataSet(seed: number): { a: Measured[]; b: Measured[]; twin: Measured[] } {
  const [random, draw] = [randomSequence(seed), noise(seed)]
  const pick = (items: readonly number[]) => items[Math.floor(random() * items.length)] as number
  const [blocks, effect, jitter] = [
    pick([5, 6, 7, 10, 15]),
    pick([0, 0.004, 0.02, 0.1]),
    pick([0.0005, 0.003, 0.01, 0.03]),
  ]
  const levels = Array.from({ length: blocks }, () => 100 * Math.exp(0.2 * draw()))
  const trial = (factor: number, block: number): Measured => {
    const far = random() < 0.05 ? 1.5 : 1
    const value = () => (levels[block] as number) * factor * far * Math.exp(jitter * draw())
    const prompts = ['p1', 'p2', 'p3']
      .filter(() => random() > 0.03)
      .map((promptId) => ({
        promptId,
        n: 2,
        outputTokens: 64,
        metrics: { decode_tps: value(), e2e_ms: 1e6 / value() },
      }))
    return {
      prompts,
      requests: { ok: 40, failed: random() < 0.01 ? 1 : 0 },
      metrics: { error_rate: { value: 0.01 * random() } },
      invalid: random() < 0.03 ? [{ reason: 'contention', detail: '' }] : [],
      ...(random() < 0.02 && { status: 'failed', reason: 'crashed' }),
    }
  }
  const all = (factor: number) => Array.from({ length: blocks }, (_, block) => trial(factor, block))
  return { a: all(1), b: all(1 + effect), twin: all(1) }
}

type Data = ReturnType<typeof dataSet>
type Arm = 'a' | 'b'

function compared(
  { twin, ...data }: Data,
  [base, against]: readonly [Arm, Arm] = ['a', 'b'],
): readonly MetricComparison[] {
  const arm = (name: Arm) => ({
    axes: { quantization: name },
    trial: (block: number) => data[name][block],
    ...(name === 'a' && { twin: (block: number) => twin[block] }),
  })
  const { comparisons } = comparePlan(comparedOf({ arms: [arm(base), arm(against)], blocks: twin.length, margins }))
  return comparisons[0]?.cells[0]?.metrics ?? []
}

const measured = new Map(seeds.map((seed) => [seed, compared(dataSet(seed))]))

const flaggedOf = (some: MetricComparison | undefined) => some?.blocks.filter(({ outlier }) => outlier).length
const rowsOf = (said: readonly MetricComparison[]) => said.map(({ verdict }) => verdict.row)

test('which arm is A does not matter: the verdict is the same, and its estimate the other way round', () => {
  const seen = new Set<VerdictRow>()
  for (const seed of seeds) {
    const data = dataSet(seed)
    const [one, other] = [measured.get(seed) ?? [], compared(data, ['b', 'a'])]
    expect(rowsOf(other), `data set ${seed}`).toEqual(rowsOf(one))
    for (const [i, { estimate, fragile, verdict }] of one.entries()) {
      seen.add(verdict.row)
      expect(other[i]?.fragile).toBe(fragile)
      if (estimate === undefined) continue
      const back = (value: number) => (estimate.scale === 'ratio' ? 1 / value : -value)
      expect(other[i]?.estimate?.change).toBeCloseTo(back(estimate.change), 10)
      expect(other[i]?.estimate?.interval.low).toBeCloseTo(back(estimate.interval.high), 10)
      expect(other[i]?.estimate?.equivalence.high).toBeCloseTo(back(estimate.equivalence.low), 10)
    }
  }
  expect(seen.size).toBeGreaterThan(3)
})

const mapped = ({ a, b, twin }: Data, of: (all: readonly Measured[]) => Measured[]): Data => ({
  a: of(a),
  b: of(b),
  twin: of(twin),
})

test('in which order the blocks were measured does not matter', () => {
  for (const seed of seeds) {
    const data = dataSet(seed)
    const [one, other] = [measured.get(seed) ?? [], compared(mapped(data, (all) => shuffled(all, seed)))]
    expect(rowsOf(other), `data set ${seed}`).toEqual(rowsOf(one))
    for (const [i, { estimate }] of one.entries()) {
      if (estimate !== undefined) expect(other[i]?.estimate?.interval.low).toBeCloseTo(estimate.interval.low, 10)
      expect(flaggedOf(other[i])).toBe(flaggedOf(one[i]))
    }
  }
})

const scaled = (trial: Measured): Measured => ({
  ...trial,
  prompts: (trial.prompts ?? []).map((prompt) => ({
    ...prompt,
    metrics: { decode_tps: 1000 * (prompt.metrics.decode_tps ?? 1), e2e_ms: 0.001 * (prompt.metrics.e2e_ms ?? 1) },
  })),
})

test('in which unit a ratio’s values are does not matter', () => {
  for (const seed of seeds) {
    const data = dataSet(seed)
    const [one, other] = [measured.get(seed) ?? [], compared(mapped(data, (all) => all.map(scaled)))]
    expect(rowsOf(other), `data set ${seed}`).toEqual(rowsOf(one))
    for (const [i, { estimate }] of one.entries())
      if (estimate !== undefined) expect(other[i]?.estimate?.change).toBeCloseTo(estimate.change, 10)
  }
})
