import { usualMargin } from '../domain/compared-metric.ts'
import type { ChunkSeries, ImportedLog } from '../domain/imported-log.ts'
import type { Metric } from '../domain/metric.ts'
import type { ArmDifference, MetricComparison } from '../domain/verdict.ts'
import { chunkMeans, chunkRounding } from '../measure/chunk-means.ts'
import { correlation } from '../stats/correlation.ts'
import { simultaneousLevels } from '../stats/simultaneous.ts'
import { scaleOfMetric } from './change-scale.ts'
import { worseThan } from './compare-quality.ts'
import { weighed } from './decide.ts'
import { type Sureness, sampledEstimate } from './estimate.ts'
import { seedFrom } from './seed-from.ts'

/** Two imported logs held against each other: never beside anything that was measured here. */
export type ImportedComparison = {
  base: ImportedLog
  against: ImportedLog
  metrics: readonly MetricComparison[]
  /** By how much the printed digits leave a chunk's perplexity open at most, as a share of it: 0.001 is 0.1 %. */
  rounding: number
  /** How the chunks of both rise and fall together, from -1 to 1; absent of fewer than six. */
  together?: number
}

/** Of which metric an import has a value of each chunk, and where from. */
const series = {
  perplexity: 'perplexity',
  kld: 'kld',
  top_token_share: 'top_token_percent',
} as const satisfies Partial<Record<Metric, ChunkSeries>>
export type ImportedMetric = keyof typeof series
export const importedMetrics = Object.keys(series) as ImportedMetric[]

/** The metrics of which both logs have chunks. */
export const metricsOfImports = (...logs: readonly ImportedLog[]): ImportedMetric[] =>
  importedMetrics.filter((metric) => logs.every(({ cumulative }) => (cumulative[series[metric]]?.length ?? 0) > 0))

type Asked = { metrics?: readonly ImportedMetric[]; margins?: Readonly<Partial<Record<Metric, number>>> }

/**
 * Chunk by chunk B against A with the studentised bootstrap over chunks, as measured quality has it. The levels of its intervals are
 * those of so many metrics together. Nothing of it was declared before, so that all of it is exploratory; and each was run once, so that no
 * noise floor is known.
 */
export function compareImported(base: ImportedLog, against: ImportedLog, asked: Asked = {}): ImportedComparison {
  const metrics = asked.metrics ?? metricsOfImports(base, against)
  const levels = simultaneousLevels(Math.max(1, metrics.length))
  const together = togetherOf(base, against)
  const differences = differencesOf(base, against, together)
  return {
    base,
    against,
    metrics: metrics.map((metric) => {
      const own = metric === 'perplexity' ? differences : [...differences, ...otherBase(base, against)]
      const margin = asked.margins?.[metric] ?? usualMargin(metric) ?? 0
      const sure = { levels, seed: seedFrom(0, `${base.id} ${against.id} ${metric}`) }
      return compared({ base, against, metric, margin, differences: own, sure })
    }),
    rounding: Math.expm1(roundingOf(base) + roundingOf(against)),
    ...(together !== undefined && { together }),
  }
}

type Contest = Pick<ImportedComparison, 'base' | 'against'> & {
  metric: ImportedMetric
  margin: number
  differences: readonly ArmDifference[]
  sure: Sureness
}

function compared({ base, against, metric, margin, differences, sure }: Contest): MetricComparison {
  const [a, b] = [placesOf(base, metric), placesOf(against, metric)]
  const places = b.map((place, at) => place - (a[at] ?? Number.NaN))
  const estimate =
    differences.length > 0 ? undefined : sampledEstimate(places, 'chunks', { scale: scaleOfMetric(metric), sure })
  return {
    metric,
    base: base.id,
    against: against.id,
    declared: false,
    margin,
    verdict:
      differences.length > 0
        ? { row: 'not-comparable', differences }
        : weighed({ margin, ...(estimate && { estimate }) }),
    ...(estimate && { estimate, worse: worseThan(estimate, { metric, margin }) }),
    blocks: [],
    losses: [],
    waiting: 0,
    repeats: { blocks: 1, launches: 1, differ: { base: 0, against: 0 } },
  }
}

/** The value of each chunk on the line of the metric's scale: of perplexity its logarithm. */
export function placesOf({ cumulative }: ImportedLog, metric: ImportedMetric): number[] {
  const values = (cumulative[series[metric]] ?? []).map(Number)
  if (metric === 'perplexity') return chunkMeans(values.map(Math.log))
  return chunkMeans(metric === 'top_token_share' ? values.map((percent) => percent / 100) : values)
}

// Perplexities are printed to four decimals.
const halfUnit = 0.00005
const roundingOf = ({ cumulative }: ImportedLog): number =>
  chunkRounding((cumulative.perplexity ?? []).map((value) => halfUnit / Number(value)))

const fewestTogether = 6

function togetherOf(base: ImportedLog, against: ImportedLog): number | undefined {
  const [a, b] = [placesOf(base, 'perplexity'), placesOf(against, 'perplexity')]
  return a.length === b.length && a.length >= fewestTogether ? correlation(a, b) : undefined
}

/** Chunks of one text are hard or easy for any model; those of two texts have nothing to do with each other. */
const leastTogether = 0.5
const unknown = 'not in the log'

function differencesOf(base: ImportedLog, against: ImportedLog, together: number | undefined): ArmDifference[] {
  const [a, b] = [base.context, against.context]
  const [one, other] = [base.textDigest, against.textDigest]
  const isOtherText = one !== undefined && other !== undefined && one !== other
  const apart = `chunks that do not rise and fall together (correlation ${together?.toFixed(2)})`
  return [
    ...(a === undefined || a !== b
      ? [{ field: 'imported.context', base: String(a ?? unknown), against: String(b ?? unknown) }]
      : []),
    ...(base.chunks === against.chunks
      ? []
      : [{ field: 'imported.chunks', base: String(base.chunks), against: String(against.chunks) }]),
    ...(isOtherText ? [{ field: 'workload.text', base: one, against: other }] : []),
    ...(!isOtherText && together !== undefined && together < leastTogether
      ? [{ field: 'workload.text', base: apart, against: apart }]
      : []),
  ]
}

/** What is held against another base cannot be held against each other. */
function otherBase(base: ImportedLog, against: ImportedLog): ArmDifference[] {
  const [a, b] = [base, against].map(({ statistics }) => statistics['perplexity_base']?.value ?? unknown) as [
    string,
    string,
  ]
  return a === b && a !== unknown
    ? []
    : [{ field: 'imported.base', base: `perplexity ${a}`, against: `perplexity ${b}` }]
}
