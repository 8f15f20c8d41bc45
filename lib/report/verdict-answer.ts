import type { MetricComparison } from '../domain/verdict.ts'
import { pairTitle } from './arm-names.ts'
import { answerOf, type Answer } from './answer.ts'
import { declaredCount } from './declared-count.ts'
import type { Evidence } from './evidence.ts'
import type { Chip } from './head.ts'
import { jointSentence } from './joint-words.ts'
import { metricsOf, type ShownPair } from './shown-pair.ts'
import { confidenceText } from './verdict-method.ts'
import { weighedOf } from './weighed.ts'
import { floorText } from './verdict-numbers.ts'

/** The answer that a declared comparison gives: the verdict on its first pair. */
export function verdictAnswer(evidence: Evidence, pair: ShownPair): Answer {
  const text = jointSentence(pair.comparison, pair.allNames, evidence.words)
  const cells = [...new Set(pair.cells.flatMap(({ base, against }) => [base, against]))]
  const { speed, outcome } = pair.comparison.joint
  const metric = speed ?? metricsOf(pair)[0]?.comparison.metric
  return {
    parts: [{ text: subjectOf(evidence, pair, text), strong: false }, ...claimed(text, hasClaim(pair))].filter(
      notEmpty,
    ),
    sound: outcome !== 'none' && outcome !== 'lengths-differ',
    ...((outcome === 'slower' || outcome === 'quality-worse') && { adverse: true }),
    note: noteOf(evidence, pair),
    samples: cells.map((cell) => ({
      href: `#cell-${cell.index + 1}`,
      text: `${cell.arm.value} ${cell.cell.config.workload.name}`,
    })),
    about: metric === undefined ? undefined : { group: cells[0]?.arm.group ?? '', metric },
  }
}

/** What a sentence is about that does not name it: the settings, and both arms where it names neither. */
function subjectOf({ words }: Evidence, { place, names }: ShownPair, sentence: string): string {
  const isNamed = hasName(sentence, names.base) || hasName(sentence, names.against)
  if (isNamed) return place === '' ? '' : words('ab.at', { place, text: '' })
  return words('ab.at', { place: pairTitle({ ...names, place }, words), text: '' })
}

/** As a word or words of their own: `a` is in `about`, and no arm's name there. */
function hasName(sentence: string, name: string): boolean {
  const around = sentence.split(name)
  return around
    .slice(1)
    .some((after, at) => !/[\p{L}\p{N}_]$/u.test(around[at] ?? '') && !/^[\p{L}\p{N}_]/u.test(after))
}

const notEmpty = ({ text }: { text: string }) => text !== ''

const hasClaim = ({ comparison: { joint } }: ShownPair) => !['open', 'quality-open'].includes(joint.outcome)

/** What is claimed stands out: until its reasons, its numbers in brackets, or what is said beside it. */
function claimed(text: string, claims: boolean): Answer['parts'] {
  if (!claims) return [{ text, strong: false }]
  const end = text.search(/: | ?\(|;|, /)
  const [claim, rest] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)]
  return [{ text: claim, strong: true }, ...(rest === '' ? [] : [{ text: rest, strong: false }])]
}

/** What the sentence rests on; where there is no verdict what was seen all the same. */
function noteOf(evidence: Evidence, pair: ShownPair): string {
  const { words } = evidence
  const decided = decidedBy(pair)
  const all = weighedOf(metricsOf(pair))
  const first = all.find(({ comparison }) => comparison === decided) ?? all[0]
  if (first === undefined) return isTooFew(pair) ? seenText(evidence) : words('ab.note-none')
  const { n, of, interval, pairing } = first.comparison.estimate
  const basis = words(pairing === 'unpaired' ? 'ab.of.unpaired' : `ab.of.${of}`, { n })
  if (!first.comparison.declared) return words('ab.note-exploratory', { basis })
  const [k, level] = [declaredCount(evidence), confidenceText(interval.confidence)]
  return k === 1 ? words('ab.note-one', { basis, level }) : words('ab.note', { basis, k, level })
}

/** Whether nothing but the number of blocks forbids a verdict: what was seen may then be looked at as what it is. */
export function isTooFew(pair: ShownPair): boolean {
  const all = metricsOf(pair).map(({ comparison }) => comparison.verdict.row)
  return all.length > 0 && all.every((row) => row === 'too-few-blocks' || row === 'unfinished')
}

function seenText(evidence: Evidence): string {
  const seen = answerOf(evidence)
  return seen.parts.map(({ text }) => text).join('')
}

/** In a word each: how well the verdict stands, how much of what was planned it rests on, and what this target can resolve. */
export function verdictChips(evidence: Evidence, pair: ShownPair): Chip[] {
  const { words } = evidence
  const said = decidedBy(pair)
  return [
    ...(said?.standing === undefined ? [] : [plain(words(`verdict.standing.${said.standing}`), '#mislead')]),
    ...blockChips(evidence, pair),
    ...(said?.fragile === true ? [{ ...plain(words('ab.chip.fragile'), '#mislead'), ...warn }] : []),
    ...(pair.comparison.declared ? [] : [{ ...plain(words('ab.chip.exploratory'), '#mislead'), ...warn }]),
  ]
}

/** Of the first metric that was read from blocks: how many there are, and the noise floor. */
function blockChips({ words, data }: Evidence, pair: ShownPair): Chip[] {
  const first = weighedOf(metricsOf(pair)).find(({ comparison }) => comparison.estimate.of === 'blocks')
  if (first === undefined) return []
  const { estimate, floor, metric } = first.comparison
  const { blocks: planned } = data.plan
  const blocks = plain(words('ab.chip.blocks', { n: estimate.n, blocks: planned }), '#comparison')
  return [
    { ...blocks, ...(estimate.n < planned && warn) },
    floor === undefined
      ? { ...plain(words('ab.chip.no-floor'), '#mislead'), ...warn }
      : plain(words('ab.chip.floor', { floor: floorText(metric, floor, estimate.scale, words) }), '#comparison'),
  ]
}

const warn = { tone: 'warn' as const }
const plain = (text: string, href: string): Chip => ({ text, tone: 'plain', href })

/** The metric that the sentence is about. */
function decidedBy(pair: ShownPair): MetricComparison | undefined {
  const { speed, quality, outcome } = pair.comparison.joint
  const wanted = outcome === 'quality-worse' || outcome === 'quality-open' ? quality : (speed ?? quality)
  const all = metricsOf(pair).map(({ comparison }) => comparison)
  return all.find(({ metric }) => metric === wanted) ?? all[0]
}
