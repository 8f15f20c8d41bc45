import type { Metric } from '../../lib/domain/metric.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { MetricComparison } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, type Measured } from './compared-fixture.ts'

const margins: readonly { metric: Metric; margin: number }[] = [
  { metric: 'decode_tps', margin: 0.02 },
  { metric: 'e2e_ms', margin: 0.02 },
  { metric: 'pss_peak_bytes', margin: 0.02 },
  { metric: 'error_rate', margin: 0.01 },
  { metric: 'perplexity', margin: 0.01 },
]

type Draw = () => number
const pick = <T>(random: Draw, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

/** Numbers as a broken engine might leave them, too: nothing, the same again and again, far too large or small. */
function drawn(random: Draw, spread: number): number {
  if (random() < 0.03) return pick(random, [0, 1e-100, 1e100, 1])
  return 100 * Math.exp(spread * (random() - 0.5))
}

/** One trial: it may have failed, be invalid or not have run, lack any of its values, and have none, few or many prompts or chunks. */
function trialOf(random: Draw, spread: number, trouble: number): Measured | undefined {
  const fate = random() / trouble
  if (fate < 0.2) return undefined
  if (fate < 0.4) return { status: 'pending' }
  if (fate < 0.6) return { status: 'failed', reason: 'crashed' }
  const maybe = <T>(given: T): T | undefined => (random() < trouble ? undefined : given)
  const prompts = Array.from({ length: Math.floor(random() * 4) + (random() < trouble ? 0 : 1) }, (_, i) => ({
    promptId: `p${i}`,
    n: 1,
    outputTokens: Math.ceil(drawn(random, spread)),
    metrics: { decode_tps: maybe(drawn(random, spread)), e2e_ms: maybe(drawn(random, spread)) },
  }))
  const windows = Array.from({ length: Math.floor(random() * 12) }, (_, i) => ({
    id: `w${i}`,
    sum: drawn(random, spread) * 10,
    n: 255,
  }))
  return {
    invalid: fate < 0.8 ? [{ reason: 'contention', detail: '' }] : [],
    requests: { ok: prompts.length, failed: random() < trouble ? 1 : 0 },
    metrics: {
      pss_peak_bytes: maybe({ value: drawn(random, spread) }),
      error_rate: maybe({ value: random() < trouble ? random() : 0 }),
      perplexity: maybe({ value: drawn(random, spread) }),
    },
    prompts,
    samples: { perplexity: maybe(windows) },
  } as Measured
}

/** What is said of a plan of two arms, with their twins, of whose trials anything may have become. */
export function verdictsOnRandom(seed: number): MetricComparison[] {
  const random = randomSequence(seed)
  const blocks = pick(random, [1, 2, 5, 6, 7, 10])
  const [spread, trouble] = [pick(random, [0, 0.001, 0.02, 0.5]), pick(random, [1e-9, 0.02, 0.1, 1])]
  const arm = (threads: number, device: string) => ({
    axes: { 'backend.threads': threads },
    device,
    trial: () => trialOf(random, spread, trouble),
    twin: () => (random() < 0.5 ? trialOf(random, spread, trouble) : undefined),
  })
  const arms = [arm(1, 'local-cpu'), arm(2, random() < 0.8 ? 'local-cpu' : 'local-cuda')]
  const { comparisons, twins } = comparePlan(
    comparedOf({ arms, blocks, workloads: ['decode', 'quality'], margins, seed }),
  )
  return [...comparisons, ...twins].flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
}

/** Whether all numbers that are said are numbers. */
export function hasNumbers({ estimate, blocks }: MetricComparison): boolean {
  const said = [
    ...(estimate === undefined ? [] : [estimate, estimate.interval, estimate.equivalence, estimate.check ?? {}]),
    ...blocks,
  ]
  return said.every((each) => Object.values(each).every((value) => !Number.isNaN(value)))
}
