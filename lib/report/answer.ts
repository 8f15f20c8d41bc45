import { metrics, type Metric } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { hasRandomWeights } from './comparison.ts'
import { contrastsOf, measuredSpeeds, soundest, widest, type Contrast } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { loadClaim } from './load-answer.ts'
import { loadContrast } from './load-contrast.ts'
import { percent, shownUnit, shownValue, significant } from './numbers.ts'
import { serversOf, whereText } from './servers.ts'
import type { WordValues } from './words.ts'

export type Answer = {
  /** The sentence in parts: what is claimed stands out. */
  parts: readonly { text: string; strong: boolean }[]
  /** Whether any valid trial is behind it. */
  sound: boolean
  /** What is claimed speaks against B. */
  adverse?: true
  /** Why it is no verdict, and what would make it one. */
  note: string
  /** Anchors of the cells that it rests on. */
  samples: readonly { href: string; text: string }[]
  /** The group and metric that the sentence is about, so that the chart beside it shows them. */
  about: { group: string; metric: Metric } | undefined
}

// Stands for the claim until the sentence around it is there; no text from outside has it (shown-text.ts).
const gap = '\u0000'

/** One sentence that answers the question as far as the data does. Without a declared comparison it is never a verdict. */
export function answerOf(evidence: Evidence): Answer {
  const measured = evidence.data.trials.filter((trial) => trial.status === 'ok')
  if (measured.length === 0) return emptyAnswer(evidence)
  const speed = headline(evidence)
  const quality = qualityBeside(evidence, speed)
  const claim = speed ?? quality
  if (claim === undefined) return serverLoadAnswer(evidence) ?? loadAnswer(evidence) ?? singleAnswer(evidence)
  const around = seenText(evidence, claim, {
    place: placeText(evidence, claim),
    claim: gap,
    range: rangeText(evidence, claim),
    quality: speed !== undefined && quality !== undefined ? qualityText(evidence, quality, speed) : '',
  })
  const [before = '', after = ''] = around.split(gap)
  const cells = [
    ...new Set([claim, ...(quality === undefined ? [] : [quality])].flatMap(({ base, other }) => [base, other])),
  ]
  return {
    parts: [...plain(before), { text: claimText(evidence, claim), strong: true }, ...plain(after)],
    sound: claim.valid,
    note: noteOf(evidence, claim),
    samples: cells.map((cell) => ({
      href: `#cell-${cell.index + 1}`,
      text: `${cell.arm.value} ${cell.cell.config.workload.name}`,
    })),
    about: { group: claim.base.arm.group, metric: claim.metric },
  }
}

/** The widest contrast, in the most telling speed that has one, of the largest model: there speed matters most. */
function headline(evidence: Evidence): Contrast | undefined {
  for (const { metric, cells } of measuredSpeeds(evidence)) {
    const contrasts = soundest(contrastsOf(evidence, metric, cells))
    const largest = Math.max(...contrasts.map(parametersOf))
    const found = widest(contrasts.filter((each) => parametersOf(each) === largest))
    if (found !== undefined) return found
  }
  return undefined
}

function parametersOf({ base: { cell } }: Contrast): number {
  const { model, artifact } = cell.config
  const generated = artifact.kind === 'random' ? artifact.parameters : undefined
  return generated ?? cell.artifact.description?.parameters ?? model.parameters ?? 0
}

/** What the same step costs in perplexity: of the same model where there is one with real weights, else of the first other. */
function qualityBeside(evidence: Evidence, speed: Contrast | undefined): Contrast | undefined {
  const cells = evidence.comparison.cells.filter((cell) => cell.kind === 'perplexity' && !hasRandomWeights(cell.cell))
  const contrasts = contrastsOf(evidence, 'perplexity', cells)
  if (speed === undefined) return widest(soundest(contrasts))
  const same = contrasts.filter(
    ({ base, other }) => base.arm.value === speed.base.arm.value && other.arm.value === speed.other.arm.value,
  )
  return same.find(({ base }) => base.arm.group === speed.base.arm.group) ?? same[0]
}

/** How often it was seen, and on what. */
function seenText(evidence: Evidence, { n, valid }: Pick<Contrast, 'n' | 'valid'>, parts: WordValues): string {
  const often = !valid ? 'seen-invalid' : n === 1 ? 'seen-once' : 'seen'
  const where = whereText(evidence)
  return evidence.words(`answer.${where === '' ? often : `server-${often}`}`, { ...parts, n, where })
}

function placeText({ words }: Evidence, { base }: Contrast): string {
  const { group } = base.arm
  if (group !== '' && base.panel !== '') return words('answer.on-at', { group, panel: base.panel })
  if (group !== '') return words('answer.on', { group })
  return base.panel === '' ? '' : words('answer.at', { panel: base.panel })
}

function claimText({ words }: Evidence, { metric, base, other, ratio }: Contrast): string {
  const names = { base: base.arm.value, other: other.arm.value }
  const verb = words(`answer.verb.${metric}`)
  if (metrics[metric].better === 'higher' && ratio >= 1.5)
    return words('answer.times', { ...names, verb, ratio: significant(ratio) })
  const step = ratio >= 1 ? 'more' : 'less'
  return words(`answer.${metric === 'perplexity' ? 'perplexity' : 'speed'}-${step}`, {
    ...names,
    verb,
    change: percent(Math.abs(ratio - 1)),
  })
}

function rangeText({ words }: Evidence, { interval }: Contrast): string {
  if (interval === undefined) return ''
  return words('answer.interval', { low: significant(interval.low), high: significant(interval.high) })
}

function qualityText({ words }: Evidence, quality: Contrast, speed: Contrast): string {
  const { group } = quality.base.arm
  const of = group === speed.base.arm.group ? '' : words('answer.of', { group })
  const change = quality.ratio - 1
  const key = Math.abs(change) < 1e-4 ? 'same' : change > 0 ? 'worse' : 'better'
  return words(`answer.quality-${key}`, { of, change: percent(Math.abs(change)) })
}

function noteOf(evidence: Evidence, claim: Pick<Contrast, 'n' | 'valid'>): string {
  const { words } = evidence
  const often = claim.n === 1 ? 'answer.note-once' : 'answer.note'
  const seen = words(claim.valid ? often : 'answer.note-invalid', { n: claim.n })
  const { kind } = serversOf(evidence)
  return kind === 'emulated' || kind === 'both' ? `${words('server.note-emulated')} ${seen}` : seen
}

/** Nothing but the load of a server varies. */
function serverLoadAnswer(evidence: Evidence): Answer | undefined {
  const claim = loadClaim(evidence)
  if (claim === undefined) return undefined
  const around = seenText(evidence, claim, { place: '', claim: gap, range: '', quality: '' })
  const [before = '', after = ''] = around.split(gap)
  return {
    parts: [...plain(before), { text: claim.text, strong: true }, ...plain(after)],
    sound: claim.valid,
    note: noteOf(evidence, claim),
    samples: claim.cells.map((cell) => ({ href: `#cell-${cell.index + 1}`, text: cell.name })),
    about: { group: claim.group, metric: claim.metric },
  }
}

/** Nothing but the clients varies. */
function loadAnswer(evidence: Evidence): Answer | undefined {
  const found = loadContrast(evidence)
  if (found === undefined) return undefined
  const { few, many, n, valid, text } = found
  const around = seenText(evidence, found, { place: '', claim: gap, range: '', quality: '' })
  const [before = '', after = ''] = around.split(gap)
  return {
    parts: [...plain(before), { text, strong: true }, ...plain(after)],
    sound: valid,
    note: noteOf(evidence, { n, valid }),
    samples: [few, many].map((cell) => ({ href: `#cell-${cell.index + 1}`, text: cell.name })),
    about: { group: few.arm.group, metric: 'output_tps' },
  }
}

/** Something was measured, but nothing that it could be compared with. */
function singleAnswer(evidence: Evidence): Answer {
  const { words, comparison } = evidence
  const candidates: Metric[] = ['decode_tps', 'tg_tps', 'pp_tps', 'perplexity']
  for (const metric of candidates)
    for (const cell of comparison.cells) {
      const found = evidence.valueOf(cell, metric)
      if (found === undefined) continue
      const { text, half } = shownValue(metric, found.value, found.interval)
      const value = [text, half, shownUnit(metric)].filter((part) => part !== '').join(' ')
      return {
        parts: plain(words('answer.single', { name: cell.arm.name, verb: words(`answer.verb.${metric}`), value })),
        sound: found.valid,
        note: words('answer.note-single'),
        samples: [{ href: `#cell-${cell.index + 1}`, text: `${cell.arm.value} ${cell.cell.config.workload.name}` }],
        about: { group: cell.arm.group, metric },
      }
    }
  return {
    parts: plain(words('answer.underivable')),
    sound: false,
    note: words('answer.note-underivable'),
    samples: [],
    about: undefined,
  }
}

function emptyAnswer({ words, data }: Evidence): Answer {
  const failed = data.trials.filter((trial) => trial.status === 'failed')
  const saying = (key: string, values: WordValues): Answer => ({
    parts: plain(words(`answer.${key}`, values)),
    sound: false,
    note: words(`answer.note-${key}`),
    samples: [],
    about: undefined,
  })
  if (data.plan.cells.length === 0) return saying('empty', {})
  if (failed.length === 0) return saying('pending', { n: data.trials.length })
  return saying('all-failed', { n: failed.length, reasons: reasonsText(failed, words) })
}

/** `out of memory (3), crashed (1)`. */
export function reasonsText(failed: readonly TrialRow[], words: Evidence['words']): string {
  const byReason = Map.groupBy(failed, (trial) => trial.reason ?? 'unknown')
  return [...byReason.entries()]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, trials]) => `${words(`reason.${reason}`)} (${trials.length})`)
    .join(', ')
}

function plain(text: string): Answer['parts'] {
  return text === '' ? [] : [{ text, strong: false }]
}
