import type { Cell } from '../../lib/domain/cell.ts'
import { metrics, type Metric } from '../../lib/domain/metric.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type {
  ArmComparison,
  BlockValue,
  ChangeInterval,
  Estimate,
  JointVerdict,
  MetricComparison,
  Verdict,
} from '../../lib/domain/verdict.ts'
import { meanInterval } from '../../lib/stats/mean-interval.ts'
import { fixture } from './fixture.ts'
import type { FixtureOptions } from './fixture-cell.ts'

/** What is said of a metric: its row, and whatever else there is to say. */
export type Said = Partial<MetricComparison> & { metric: Metric; verdict: Verdict }
type Options = { said?: readonly Said[]; joint?: JointVerdict; plan?: FixtureOptions; pairs?: readonly Pair[] }
type Pair = readonly [base: string, against: string]

const margins: Partial<Record<Metric, number>> = { decode_tps: 0.02, ttft_ms: 0.05, perplexity: 0.01 }
export const usual: readonly Said[] = [
  { metric: 'decode_tps', verdict: { row: 'beyond-margin' }, floor: 0.012, standing: 'single-session' },
  { metric: 'ttft_ms', verdict: { row: 'beyond-margin' }, standing: 'single-session' },
  {
    metric: 'perplexity',
    verdict: { row: 'within-margin-but-different' },
    worse: 'no',
    repeats: { blocks: 2, launches: 2, differ: { base: 0, against: 0 } },
    standing: 'single-session',
  },
  { metric: 'pss_peak_bytes', verdict: { row: 'beyond-margin' }, declared: false, standing: 'single-session' },
]
const faster: JointVerdict = {
  outcome: 'faster',
  speed: 'decode_tps',
  quality: 'perplexity',
  beside: ['pss_peak_bytes'],
}

/** Quantizations of the demo model that were declared to be compared, with what is said of them: as made up as its figures. */
export function abFixture({
  said = usual,
  joint = faster,
  plan = {},
  pairs = [['f16', 'q4_0']],
}: Options = {}): PlanData {
  const whole = fixture({ models: ['demo'], threads: [1], blocks: 10, requests: 4, ...plan })
  const wanted = new Set(pairs.flat())
  const data = ofArms(whole, (cell) => wanted.has(cell.config.quantization ?? ''))
  const comparisons = pairs.flatMap((pair) =>
    strataOf(data).map((of) => armComparison(data, { pair, of, said, joint })),
  )
  const compare = {
    treatment: ['quantization'],
    pairs: pairs.map(([base, against]) => ({ base: armOf(base), against: armOf(against) })),
    margins: said
      .filter(({ declared }) => declared !== false)
      .map(({ metric }) => ({ metric, margin: margins[metric] ?? 0.02 })),
  }
  return {
    ...data,
    plan: { ...data.plan, compare },
    verdicts: { planId: data.plan.id, comparisons, twins: [] },
  }
}

/** Two pairs at two settings, of which nearly all that can go wrong has; and an arm against itself. */
export function troubledFixture(): PlanData {
  const throttled = { block: 2, arm: 'against', why: { status: 'invalid', reason: 'throttled' } } as const
  const failed = { block: 3, arm: 'base', why: { status: 'failed', reason: 'out-of-memory' } } as const
  const missing = { block: 4, arm: 'base', why: { status: 'missing' } } as const
  const losses = [throttled, failed, missing]
  const foreign = [{ field: 'engine.build', base: 'b1', against: 'b2' }]
  const said: Said[] = [
    { metric: 'decode_tps', verdict: { row: 'inconclusive', moreBlocks: 18 }, fragile: true, losses: [throttled] },
    { metric: 'ttft_ms', verdict: { row: 'invalid', losses, blocks: 10 }, losses },
    { metric: 'tpot_ms', verdict: { row: 'unresolved', floor: 0.031 }, floor: 0.031 },
    { metric: 'e2e_ms', verdict: { row: 'lengths-differ', change: 0.82 } },
    {
      metric: 'perplexity',
      verdict: { row: 'inconclusive' },
      worse: 'open',
      repeats: { blocks: 2, launches: 2, differ: { base: 0, against: 0.01 } },
    },
    { metric: 'pss_peak_bytes', verdict: { row: 'not-comparable', differences: foreign }, declared: false },
    { metric: 'rss_peak_bytes', verdict: { row: 'different' }, declared: false, standing: 'single-session' },
  ]
  const joint: JointVerdict = { outcome: 'quality-open', speed: 'decode_tps', quality: 'perplexity', beside: [] }
  const pairs: Pair[] = [
    ['f16', 'q8_0'],
    ['f16', 'q4_0'],
  ]
  const data = abFixture({ said, joint, pairs, plan: { threads: [1, 2] } })
  const { verdicts } = abFixture({
    said: [{ metric: 'decode_tps', verdict: { row: 'equivalent' } }],
    pairs: [['f16', 'f16']],
  })
  const twins = verdicts?.comparisons ?? []
  return { ...data, ...(data.verdicts && { verdicts: { ...data.verdicts, twins } }) }
}

const armOf = (quantization: string) => JSON.stringify({ quantization })

/** The arms that are treated by quantization alone; models and threads are strata. */
function ofArms(data: PlanData, wanted: (cell: Cell) => boolean): PlanData {
  const places = new Map(
    data.plan.cells.map((cell) => {
      const { quantization, workload: _, ...rest } = cell.axes
      return [
        cell.arm,
        { arm: armOf(typeof quantization === 'string' ? quantization : ''), stratum: JSON.stringify(rest) },
      ]
    }),
  )
  const placed = <T extends { arm: string }>(one: T): T => ({ ...one, ...places.get(one.arm) })
  const kept = data.plan.cells.filter(wanted)
  const ids = new Set(kept.map(({ id }) => id))
  const trials = data.trials.filter(({ cellId }) => ids.has(cellId))
  const launches = new Set(trials.map(({ launchId }) => launchId))
  const own = new Set(trials.map(({ id }) => id))
  return {
    ...data,
    plan: {
      ...data.plan,
      cells: kept.map(placed),
      launches: data.plan.launches.filter(({ cellIds }) => cellIds.some((id) => ids.has(id))).map(placed),
    },
    launches: data.launches.filter(({ id }) => launches.has(id)).map(placed),
    trials,
    requests: data.requests.filter(({ trialId }) => own.has(trialId)),
  }
}

const strataOf = ({ plan }: PlanData) => [...new Set(plan.cells.map(({ stratum }) => stratum))]

type Of = { pair: Pair; of: string; said: readonly Said[]; joint: JointVerdict }
function armComparison(data: PlanData, { pair: [base, against], of: stratum, said, joint }: Of): ArmComparison {
  const cellsOf = (arm: string) => data.plan.cells.filter((cell) => cell.arm === armOf(arm) && cell.stratum === stratum)
  const [own, others] = [cellsOf(base), cellsOf(against)]
  return {
    base: { arm: armOf(base), stratum },
    against: { arm: armOf(against), stratum },
    declared: true,
    onServers: false,
    joint,
    cells: own.flatMap((cell) => {
      const other = others.find(({ axes }) => axes['workload'] === cell.axes['workload'])
      if (other === undefined) return []
      const isQuality = cell.config.workload.kind === 'perplexity'
      const metricsSaid = said.filter(({ metric }) => (metric === 'perplexity') === isQuality)
      const metricsOfCell = metricsSaid.map((each) => metricComparison(data, [cell.id, other.id], each))
      return [{ base: cell.id, against: other.id, metrics: metricsOfCell }]
    }),
  }
}

function metricComparison(data: PlanData, [base, against]: Pair, said: Said): MetricComparison {
  const isQuality = said.metric === 'perplexity'
  const blocks = said.blocks ?? (isQuality ? [] : blocksOf(data, [base, against], said.metric))
  const estimate = isQuality ? perplexityEstimate() : estimateOf(blocks, said.metric)
  const unblocked = isQuality || estimate === undefined ? undefined : widened(estimate)
  return {
    base,
    against,
    declared: true,
    margin: margins[said.metric] ?? 0.02,
    losses: [],
    waiting: 0,
    ...(estimate !== undefined && { estimate }),
    ...(unblocked !== undefined && { unblocked: { estimate: unblocked, row: said.verdict.row } }),
    ...said,
    blocks,
  }
}

/** Which arm ran first is drawn; the seventh block is an outlier. */
function blocksOf(data: PlanData, [base, against]: Pair, metric: Metric): BlockValue[] {
  const random = randomSequence(3)
  const valueOf = (id: string, block: number) =>
    data.trials.find((trial) => trial.cellId === id && trial.block === block)?.metrics[metric]?.value
  return Array.from({ length: data.plan.blocks }, (_, block): BlockValue[] => {
    const [a, b] = [valueOf(base, block), valueOf(against, block)]
    if (a === undefined || b === undefined) return []
    const first = random() < 0.5 ? 'base' : 'against'
    return [{ block, change: b / a, base: a, against: b, first, prompts: 1, ...(block === 6 && { outlier: true }) }]
  }).flat()
}

function estimateOf(blocks: readonly BlockValue[], metric: Metric): Estimate | undefined {
  const changes = blocks.map(({ change }) => change)
  const [wide, narrow] = [0.975, 0.95].map((confidence) => {
    const found = meanInterval(changes, { mean: metrics[metric].mean, confidence })
    return found && { change: found.mean, low: found.low, high: found.high, confidence }
  })
  if (wide === undefined || narrow === undefined) return undefined
  const { change, ...interval } = wide
  const { change: _, ...equivalence } = narrow
  return { scale: 'ratio', change, interval, equivalence, of: 'blocks', n: changes.length, pairing: 'paired' }
}

function perplexityEstimate(): Estimate {
  return {
    scale: 'ratio',
    change: 1.0074,
    interval: { low: 1.0048, high: 1.0101, confidence: 0.975 },
    equivalence: { low: 1.0052, high: 1.0096, confidence: 0.95 },
    of: 'chunks',
    n: 24,
    pairing: 'paired',
  }
}

/** As the same values would have it if nothing were paired. */
function widened({ interval, equivalence, ...rest }: Estimate): Estimate {
  return { ...rest, pairing: 'unpaired', interval: wider(interval), equivalence: wider(equivalence) }
}

function wider({ low, high, confidence }: ChangeInterval): ChangeInterval {
  const half = 1.8 * (high - low)
  return { low: low - half, high: high + half, confidence }
}
