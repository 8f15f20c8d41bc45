import type { ComparedTrial, QualitySample } from '../domain/compared.ts'
import { factsOf, type Metric } from '../domain/metric.ts'
import type { ArmDifference, BlockLoss, MetricComparison } from '../domain/verdict.ts'
import { mean } from '../stats/mean.ts'
import type { CellTrials } from './cell-trials.ts'
import { scaleOfMetric } from './change-scale.ts'
import { usableFor } from './usable.ts'

/** What two arms have of a quality metric. */
export type QualityValues = {
  of: 'chunks' | 'prompts'
  /** B against A of each chunk or prompt, on the line of the metric's scale. */
  places: readonly number[]
  losses: readonly BlockLoss[]
  waiting: number
  /** In so many blocks either arm was to be evaluated. */
  blocks: number
  /** Launches that evaluated it, of the arm that has fewer. */
  valid: number
  repeats?: NonNullable<MetricComparison['repeats']>
  /** The arms were scored on other tokens. */
  difference?: ArmDifference
}

/**
 * Chunk by chunk (or prompt by prompt) the values of two arms. Quality is deterministic, so that one launch of each arm would do,
 * and a block that evaluates neither lacks nothing; of several launches the mean is taken, and by how much they differ is told. A chunk's mean negative log-likelihood lies on the line of
 * ratios of perplexities as it is.
 */
export function qualityValues(base: CellTrials, against: CellTrials, metric: Metric): QualityValues {
  const of = factsOf(metric).samples ?? 'chunks'
  const planned = [...base.blocks.keys()].filter((block) =>
    [base, against].some(({ blocks }) => (blocks[block]?.status ?? 'missing') !== 'missing'),
  )
  const a = evaluations(base, planned, { arm: 'base', metric })
  const b = evaluations(against, planned, { arm: 'against', metric })
  const common = {
    of,
    losses: [...a.losses, ...b.losses],
    waiting: new Set([...a.waiting, ...b.waiting]).size,
    blocks: planned.length,
  }
  const valid = Math.min(a.trials.length, b.trials.length)
  if (valid === 0) return { ...common, places: [], valid }
  const [first, second] = [meansOf(a.trials), meansOf(b.trials)]
  const differ = { base: spreadOf(a.trials, metric), against: spreadOf(b.trials, metric) }
  const repeats = { blocks: planned.length, launches: valid, differ }
  const difference = of === 'chunks' ? otherTokens(first, second) : undefined
  if (difference !== undefined) return { ...common, places: [], valid, repeats, difference }
  const ids = [...first.keys()].filter((id) => second.has(id))
  return { ...common, places: ids.map((id) => placeOf(second, id) - placeOf(first, id)), valid, repeats }
}

const placeOf = (means: Means, id: string) => (means.get(id) as Mean).mean

type Evaluations = { trials: (readonly QualitySample[])[]; losses: BlockLoss[]; waiting: number[] }

function evaluations(
  { blocks }: CellTrials,
  planned: readonly number[],
  { arm, metric }: { arm: BlockLoss['arm']; metric: Metric },
): Evaluations {
  const found: Evaluations = { trials: [], losses: [], waiting: [] }
  for (const block of planned) {
    const usable = usableFor(blocks[block] ?? { status: 'missing' }, metric)
    const samples = usable.status === 'usable' ? samplesOf(usable.trial, metric) : []
    if (samples.length > 0) found.trials.push(samples)
    else if (usable.status === 'waiting') found.waiting.push(block)
    else found.losses.push({ block, arm, why: usable.status === 'lost' ? usable.why : { status: 'missing' } })
  }
  return found
}

const samplesOf = ({ samples }: ComparedTrial, metric: Metric): readonly QualitySample[] =>
  (samples?.[metric] ?? []).filter(({ sum, n }) => n > 0 && Number.isFinite(sum))

type Mean = { mean: number; n: number }
type Means = ReadonlyMap<string, Mean>

/** Of each chunk or prompt the mean over launches. */
function meansOf(trials: readonly (readonly QualitySample[])[]): Means {
  const byId = Map.groupBy(trials.flat(), ({ id }) => id)
  return new Map(
    [...byId].map(([id, samples]) => [
      id,
      { mean: mean(samples.map(({ sum, n }) => sum / n)), n: (samples[0] as QualitySample).n },
    ]),
  )
}

/** By how much the value as a whole differs at most between launches of one arm: a ratio - 1, or a difference. */
function spreadOf(trials: readonly (readonly QualitySample[])[], metric: Metric): number {
  const wholes = trials.map((samples) => mean(samples.map(({ sum, n }) => sum / n)))
  const apart = Math.max(...wholes) - Math.min(...wholes)
  return scaleOfMetric(metric).name === 'ratio' ? Math.expm1(apart) : apart
}

/** A mean per token is comparable over the same tokens alone: another tokenizer cuts another text. */
function otherTokens(a: Means, b: Means): ArmDifference | undefined {
  const isSame = a.size === b.size && [...a].every(([id, { n }]) => b.get(id)?.n === n)
  return isSame ? undefined : { field: 'workload.text.tokens', base: tokensText(a), against: tokensText(b) }
}

const tokensText = (means: Means): string =>
  `${[...means.values()].reduce((sum, { n }) => sum + n, 0)} in ${means.size} chunks`
