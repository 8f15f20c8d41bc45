import { scaleOf } from '../domain/compared-metric.ts'
import type { Estimate } from '../domain/verdict.ts'
import { metricName } from './block-panels.ts'
import { declaredCount } from './declared-count.ts'
import type { Evidence } from './evidence.ts'
import { decimalsOfUncertainty, thinSpace } from './numbers.ts'
import { metricsOf, type ShownPair } from './shown-pair.ts'
import { marginText } from './verdict-numbers.ts'
import { weighedOf } from './weighed.ts'

const mostPairs = 6

/** How arms were compared: what was declared, how blocks become an interval, and how sure it is. */
export function verdictMethod(evidence: Evidence, pairs: readonly ShownPair[]): string[] {
  const { words } = evidence
  const weighed = pairs.flatMap((pair) => weighedOf(metricsOf(pair)))
  const estimates = weighed.map(({ comparison }) => comparison.estimate)
  const has = (test: (one: Estimate) => boolean) => estimates.some(test)
  const declared = pairs.filter(({ comparison }) => comparison.declared)
  return [
    ...(declared.length === 0 ? [words('ab.method.undeclared')] : [declaredText(evidence, declared)]),
    words('ab.method.blocks'),
    ...(has(({ of, pairing }) => of === 'blocks' && pairing === 'paired') ? [words('ab.method.paired')] : []),
    ...(has(({ pairing }) => pairing === 'unpaired') ? [words('ab.method.unpaired')] : []),
    ...(has(({ of }) => of !== 'blocks') ? [words('ab.method.quality')] : []),
    ...levelText(evidence, weighed.find(({ comparison }) => comparison.declared)?.comparison.estimate),
    words('ab.method.table'),
  ]
}

/** `98.3 %` of 1 - 0.05 / 3. */
export function confidenceText(confidence: number): string {
  const percent = 100 * confidence
  return `${Number(percent.toFixed(decimalsOfUncertainty(100 - percent)))}${thinSpace}%`
}

function declaredText({ words }: Evidence, pairs: readonly ShownPair[]): string {
  const names = [...new Set(pairs.map(({ names: each }) => words('verdict.title', each)))]
  const left = names.length - mostPairs
  const shown = left > 0 ? [...names.slice(0, mostPairs), words('ab.more-losses', { n: left })] : names
  const margins = pairs.flatMap((pair) =>
    metricsOf(pair)
      .filter(({ comparison }) => comparison.declared)
      .map((each) => {
        const margin = marginText(
          each.comparison,
          each.comparison.estimate?.scale ?? scaleOf(each.comparison.metric),
          words,
        )
        return `${metricName(words, each)} ${margin}`
      }),
  )
  return words('ab.method.declared', { pairs: shown.join(', '), margins: [...new Set(margins)].join(', ') })
}

function levelText(evidence: Evidence, estimate: Estimate | undefined): string[] {
  if (estimate === undefined) return []
  const [interval, equivalence] = [estimate.interval, estimate.equivalence].map(({ confidence }) => confidence)
  return [
    evidence.words('ab.method.levels', {
      k: declaredCount(evidence),
      interval: confidenceText(interval ?? 0),
      equivalence: confidenceText(equivalence ?? 0),
    }),
  ]
}
