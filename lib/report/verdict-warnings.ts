import { metricName } from './block-panels.ts'
import type { Evidence } from './evidence.ts'
import { metricsOf, shownPairs, type ShownMetric, type ShownPair } from './shown-pair.ts'
import { isRead } from './weighed.ts'
import type { WordValues } from './words.ts'

/** A finding as `warnings.ts` has it: its key below `warning`, and what is filled in. */
type Finding = { key: string; values: WordValues }

const mostNames = 6

/** What may mislead who reads the verdicts, worst first. */
export function verdictFindings(evidence: Evidence): Finding[] {
  const pairs = shownPairs(evidence)
  const all = pairs.flatMap(metricsOf)
  const claims = all.filter(({ comparison }) => comparison.standing !== undefined)
  return [
    ...about(evidence, 'ab-restless', all.filter(isRestless)),
    ...about(
      evidence,
      'ab-fragile',
      all.filter(({ comparison }) => comparison.fragile === true),
    ),
    ...about(
      evidence,
      'ab-disputed',
      all.filter(({ comparison }) => comparison.disputed === true),
    ),
    ...orders(evidence, pairs),
    ...about(evidence, 'ab-floor', all.filter(lacksFloor)),
    ...about(
      evidence,
      'ab-exploratory',
      all.filter(({ comparison }) => isRead(comparison) && !comparison.declared),
    ),
    ...about(
      evidence,
      'ab-once',
      claims.filter(({ comparison }) => comparison.standing === 'single-session'),
    ),
  ]
}

/** `decode (q4_0), TTFT (q4_0)`: nothing where there is none. */
function about(evidence: Evidence, key: string, found: readonly ShownMetric[]): Finding[] {
  if (found.length === 0) return []
  const names = [...new Set(found.map((each) => nameOf(evidence, each)))]
  const left = names.length - mostNames
  const shown = left > 0 ? [...names.slice(0, mostNames), evidence.words('ab.more-losses', { n: left })] : names
  return [{ key, values: { n: names.length, metrics: shown.join(', ') } }]
}

/** With its pair, where there are several. */
function nameOf(evidence: Evidence, shown: ShownMetric): string {
  const several = (evidence.data.verdicts?.comparisons.length ?? 0) > 1
  const name = metricName(evidence.words, shown)
  return several ? `${name} (${evidence.words('verdict.title', shown.pair.names)})` : name
}

/** A quality metric whose value changes from launch to launch, beyond rounding. */
const isRestless = ({ comparison: { repeats } }: ShownMetric) => repeats !== undefined && repeats.differ > 1e-9
/** One of launches: quality does not depend on how noisy a machine is. */
const lacksFloor = ({ comparison }: ShownMetric) =>
  isRead(comparison) && comparison.estimate?.of === 'blocks' && comparison.floor === undefined

/** Blocks that one arm began clearly more often than the other. */
function orders(evidence: Evidence, pairs: readonly ShownPair[]): Finding[] {
  return pairs.flatMap((pair) => {
    const [longest] = metricsOf(pair)
      .map(({ comparison }) => comparison.blocks)
      .toSorted((a, b) => b.length - a.length)
    const firsts = (side: 'base' | 'against') => (longest ?? []).filter(({ first }) => first === side).length
    const [base, against] = [firsts('base'), firsts('against')]
    if (Math.abs(base - against) < 3) return []
    const more = base > against ? 'base' : 'against'
    return [{ key: 'ab-order', values: { name: pair.names[more], n: Math.max(base, against), blocks: base + against } }]
  })
}
