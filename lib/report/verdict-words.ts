import type { Metric } from '../domain/metric.ts'
import type { Estimate, MetricComparison } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { percent } from './numbers.ts'
import { differencesText } from './verdict-fields.ts'
import { errorRatesText, lossTexts, onlyFailed } from './verdict-losses.ts'
import { changeTexts, confidenceName, floorText, marginText } from './verdict-numbers.ts'
import { verdictTurn, verdictVerb } from './verdict-verbs.ts'
import type { Words } from './words.ts'

/** What is said of one metric of two arms: a row of the decision table, in its fixed words, with the numbers of this comparison. */
export function verdictSentence(comparison: MetricComparison, names: ComparedNames, words: Words): string {
  return `${verdictText(comparison, names, words)}.`
}

/** The same without its full stop, for a sentence that goes on. */
export function verdictText(comparison: MetricComparison, names: ComparedNames, words: Words): string {
  const { verdict, metric, estimate } = comparison
  switch (verdict.row) {
    case 'measured-apart':
      return words('verdict.measured-apart')
    case 'not-comparable':
      return differencesText(verdict.differences, words)
    case 'invalid': {
      const texts = lossTexts({ ...verdict, names, words }).join('; ')
      return words(onlyFailed(verdict.losses) ? 'verdict.failed' : 'verdict.invalid', { what: texts })
    }
    case 'unfinished':
      return words('verdict.unfinished', { n: verdict.waiting, blocks: verdict.blocks })
    case 'error-rates':
      return errorRatesText(verdict, names, words)
    case 'lengths-differ':
      return words(verdict.change < 1 ? 'verdict.shorter' : 'verdict.longer', {
        name: names.against,
        change: percent(Math.abs(verdict.change - 1)),
      })
    case 'too-few-blocks':
      return words('verdict.too-few-blocks', { n: verdict.blocks })
    case 'beyond-margin':
    case 'unresolved':
    case 'within-margin-but-different':
    case 'equivalent':
    case 'different':
    case 'inconclusive':
      if (estimate === undefined) return words('verdict.nothing', { metric: words(`metric.${metric}.label`) })
      return estimateText({ ...comparison, verdict, estimate }, names, words)
  }
}

/** A comparison of which there is something to say in numbers. */
export type WithEstimate = Pick<MetricComparison, 'metric' | 'margin' | 'floor'> & { estimate: Estimate }
type Estimated = Omit<MetricComparison, 'verdict' | 'estimate'> & {
  verdict: Extract<MetricComparison['verdict'], { row: EstimatedRow }>
  estimate: Estimate
}
type EstimatedRow =
  | 'beyond-margin'
  | 'unresolved'
  | 'within-margin-but-different'
  | 'equivalent'
  | 'different'
  | 'inconclusive'

function estimateText(comparison: Estimated, names: ComparedNames, words: Words): string {
  const { metric, verdict, estimate, floor } = comparison
  const margin = marginText(comparison, estimate.scale, words)
  const shownFloor = (value: number) => floorText(metric, value, estimate.scale, words)
  const texts = changeTexts(comparison, estimate.interval, words)
  switch (verdict.row) {
    case 'beyond-margin':
      return beyondText(comparison, names, words)
    case 'unresolved':
      return verdict.floor === undefined
        ? words('verdict.unresolved-unknown', { margin })
        : words('verdict.unresolved', { margin, floor: shownFloor(verdict.floor) })
    case 'within-margin-but-different':
      return words('verdict.within-margin-but-different', { margin, change: texts.signed, range: texts.range })
    case 'equivalent':
      return words('verdict.equivalent', {
        margin,
        ci: confidenceName(estimate.equivalence, 0.9, words),
        range: changeTexts(comparison, estimate.equivalence, words).range,
      })
    case 'different':
      return words(exceeds(floor, comparison) ? 'verdict.different-floor' : 'verdict.different', {
        claim: claimText(comparison, names, words),
        range: texts.sizes,
        margin,
        floor: shownFloor(floor ?? 0),
      })
    case 'inconclusive':
      return verdict.moreBlocks === undefined
        ? words('verdict.inconclusive', { range: texts.rangeWithUnit })
        : words('verdict.inconclusive-blocks', { range: texts.rangeWithUnit, n: verdict.moreBlocks })
  }
}

/** Whether the target cannot resolve the margin. */
const exceeds = (floor: number | undefined, { margin }: Pick<MetricComparison, 'margin'>) =>
  floor !== undefined && floor > margin

/** Whether B is named alone, or with A. */
type Form = 'claim' | 'than'

/** `B is faster by 7.4 % (95 % CI 5.1 to 9.8), beyond the 2 % margin`; of a noise floor above the margin that as well. */
export function beyondText(comparison: WithEstimate, names: ComparedNames, words: Words, form: Form = 'claim'): string {
  const { metric, estimate, floor } = comparison
  const values = {
    claim: claimText(comparison, names, words, form),
    ci: confidenceName(estimate.interval, 0.95, words),
    range: changeTexts(comparison, estimate.interval, words).sizes,
    margin: marginText(comparison, estimate.scale, words),
  }
  if (!exceeds(floor, comparison)) return words('verdict.beyond', values)
  return words('verdict.beyond-floor', { ...values, floor: floorText(metric, floor ?? 0, estimate.scale, words) })
}

/** `B is faster by 7.4 %`, `B is faster than A by 7.4 %`. */
function claimText(comparison: WithEstimate, { base, against }: ComparedNames, words: Words, form: Form = 'claim') {
  const { metric, estimate } = comparison
  const { size } = changeTexts(comparison, estimate.interval, words)
  return words(`verdict.${form}.${turnOf(metric, estimate)}`, { name: against, base, change: size })
}

/** Which words the change of a metric takes: `speed-better`, `use-worse`. */
export function turnOf(metric: Metric, { scale, change }: Estimate): string {
  return `${verdictVerb(metric)}-${verdictTurn(metric, change > (scale === 'ratio' ? 1 : 0))}`
}
