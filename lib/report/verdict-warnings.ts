import { metricName } from './block-panels.ts'
import type { Evidence } from './evidence.ts'
import { restlessArms } from './restless.ts'
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
    ...restless(evidence, all),
    ...about(
      evidence,
      'ab-contradicted',
      claims.filter(({ comparison }) => comparison.standing === 'contradicted'),
    ),
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
  return named(
    evidence,
    key,
    found.map((each) => nameOf(evidence, each)),
  )
}

function named(evidence: Evidence, key: string, all: readonly string[]): Finding[] {
  const names = [...new Set(all)]
  if (names.length === 0) return []
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

/** Quality metrics whose value changes from launch to launch, with the arm and by how much. */
function restless(evidence: Evidence, all: readonly ShownMetric[]): Finding[] {
  const { words } = evidence
  return named(
    evidence,
    'ab-restless',
    all.flatMap((shown) =>
      restlessArms(shown.comparison, shown.pair.names, words).map((arm) =>
        words('ab.restless-arm', { metric: nameOf(evidence, shown), ...arm }),
      ),
    ),
  )
}

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
