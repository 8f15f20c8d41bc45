import { sentinelDrifts } from '../verdict/sentinel-drift.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { reasonsText } from './answer.ts'
import { hasRandomWeights, type ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { serverFindings, wireFindings } from './load-warnings.ts'
import { changingFields } from './machines.ts'
import { percent } from './numbers.ts'
import { pairsOf } from './offers.ts'
import { sentinelValues } from './sentinel-words.ts'
import { threadsHint } from './threads-hint.ts'
import { verdictFindings } from './verdict-warnings.ts'
import type { WordValues } from './words.ts'

/** Something that may mislead: what is seen, what it means, what to do. */
export type Warning = { says: string; means: string; advice: string }

const minBlocks = 6
const fewRequests = 5
type Finding = { key: string; values: WordValues } | undefined

/** Every warning that the data asks for, worst first. */
export function warningsOf(evidence: Evidence): Warning[] {
  const findings: Finding[] = [
    handicapped(evidence),
    randomPerplexity(evidence),
    ...serverFindings(evidence),
    failedTrials(evidence),
    ...invalidTrials(evidence),
    ...wireFindings(evidence),
    unfinished(evidence),
    ...verdictFindings(evidence),
    ...sentinel(evidence),
    blocks(evidence),
    setups(evidence),
    ...lengths(evidence),
    threads(evidence),
    randomWeights(evidence),
    borrowedQuality(evidence),
    memoryMissing(evidence),
    ...guards(evidence),
    retried(evidence),
    relaunched(evidence),
    requests(evidence),
    virtualized(evidence),
    unavailable(evidence),
    dirty(evidence),
  ]
  return findings.flatMap((finding) => {
    if (finding === undefined) return []
    const word = (part: string) => evidence.words(`warning.${finding.key}.${part}`, finding.values)
    return [{ says: word('says'), means: word('means'), advice: word('advice') }]
  })
}

const finding = (key: string, values: WordValues): Finding => ({ key, values })
const listed = (names: Iterable<string>) => [...new Set(names)].join(', ')

/** What a test has slowed down on purpose: it must never pass for what the engine does. */
function handicapped({ data }: Evidence): Finding {
  const held = data.launches.flatMap(({ manifestDigest: digest }) => {
    const share = digest === undefined ? undefined : data.manifests[digest]?.manifest.conditions.handicap
    return share === undefined ? [] : [percent(share)]
  })
  return held.length === 0
    ? undefined
    : finding('handicapped', { n: held.length, all: data.launches.length, shares: listed(held) })
}

function randomPerplexity({ comparison }: Evidence): Finding {
  const cells = comparison.cells.filter((cell) => cell.kind === 'perplexity' && hasRandomWeights(cell.cell))
  return cells.length === 0 ? undefined : finding('random-perplexity', { models: modelsOf(cells) })
}

function failedTrials({ data, words }: Evidence): Finding {
  const failed = data.trials.filter((trial) => trial.status === 'failed')
  if (failed.length === 0) return undefined
  return finding('failed', { n: failed.length, all: data.trials.length, reasons: reasonsText(failed, words) })
}

function invalidTrials({ data }: Evidence): Finding[] {
  const byReason = new Map<string, Set<TrialRow>>()
  const details = new Map<string, string>()
  for (const trial of data.trials)
    for (const { reason, detail } of trial.invalid) {
      byReason.set(reason, (byReason.get(reason) ?? new Set()).add(trial))
      details.set(reason, details.get(reason) ?? detail)
    }
  return [...byReason.entries()].map(([reason, trials]) =>
    finding(`invalid-${reason}`, { n: trials.size, all: data.trials.length, detail: details.get(reason) ?? '' }),
  )
}

function unfinished({ data }: Evidence): Finding {
  const open = data.trials.filter((trial) => trial.status !== 'ok' && trial.status !== 'failed')
  return open.length === 0
    ? undefined
    : finding('unfinished', { n: open.length, all: data.trials.length, plan: data.plan.id })
}

function blocks({ data }: Evidence): Finding {
  const { blocks: n } = data.plan
  if (n === 1) return finding('one-block', { n })
  return n < minBlocks ? finding('few-blocks', { n, least: minBlocks }) : undefined
}

/** The machine itself became faster or slower: all arms of a block alike, and cells against those of other plans. */
function sentinel({ data, comparison, words }: Evidence): Finding[] {
  const trials = (data.beside ?? []).filter(({ unused }) => unused === undefined)
  return sentinelDrifts({ ...data, trials })
    .filter(({ isMore }) => isMore)
    .map((drift) => {
      const cell = comparison.cells.find((each) => each.cell.id === drift.cellId)
      return finding('sentinel', sentinelValues(drift, cell?.name ?? '', words))
    })
}

function setups({ data }: Evidence): Finding {
  const fields = changingFields(data)
  return fields.length === 0 ? undefined : finding('setups', { fields: fields.join(', ') })
}

function threads(evidence: Evidence): Finding {
  const hint = threadsHint(evidence)
  return hint && finding('threads', { cells: listed(hint.cells), cores: hint.cores })
}

/** Answers of natural length differ; what is compared end to end then differs in work too. */
function lengths(evidence: Evidence): Finding[] {
  const natural = evidence.comparison.cells.filter(
    ({ cell: { config } }) => 'output' in config.workload && config.workload.output === 'natural',
  )
  const places = Map.groupBy(natural, (cell) => JSON.stringify([cell.arm.group, cell.panel]))
  return [...places.values()].flatMap((cells) => {
    const means = cells.flatMap((cell) => outputTokens(evidence, cell))
    const [low, high] = [Math.min(...means), Math.max(...means)]
    if (means.length < 2 || high / low <= 1.1) return []
    return [finding('lengths', { change: percent(high / low - 1), cells: listed(cells.map((cell) => cell.name)) })]
  })
}

function outputTokens(evidence: Evidence, cell: ShownCell): number[] {
  const trials = evidence.trialsOf(cell.cell.id).map((trial) => evidence.seenOf(trial.id).outputTokens)
  const [sum, n] = [trials.reduce((all, each) => all + each.sum, 0), trials.reduce((all, each) => all + each.n, 0)]
  return n === 0 ? [] : [sum / n]
}

function randomWeights({ comparison }: Evidence): Finding {
  const cells = comparison.cells.filter((cell) => hasRandomWeights(cell.cell))
  return cells.length === 0 ? undefined : finding('random-weights', { models: modelsOf(cells) })
}

function modelsOf(cells: readonly ShownCell[]): string {
  return listed(cells.map((cell) => cell.cell.config.model.name))
}

function borrowedQuality(evidence: Evidence): Finding {
  const pairs = pairsOf(evidence).flatMap((each) => each.pairs)
  const borrowed = pairs.filter((pair) => pair.borrowed)
  return borrowed.length === 0
    ? undefined
    : finding('borrowed', { arms: listed(borrowed.map((pair) => pair.quality.arm.name)) })
}

function memoryMissing({ data }: Evidence): Finding {
  // The memory of a server is its own affair.
  const blind = data.trials.filter(
    ({ status, metrics, client }) => status === 'ok' && client === undefined && metrics.pss_peak_bytes === undefined,
  )
  return blind.length === 0 ? undefined : finding('memory-missing', { n: blind.length, all: data.trials.length })
}

/** What guards found of launches that were measured all the same. */
function guards({ data }: Evidence): Finding[] {
  const found = Object.values(data.manifests).flatMap(({ manifest }) => manifest.conditions.guards ?? [])
  return [...Map.groupBy(found, ({ guard }) => guard)].map(([guard, of]) =>
    finding(`guard-${guard}`, { n: of.length, details: listed(of.map(({ detail }) => detail)) }),
  )
}

function retried({ data, words }: Evidence): Finding {
  const failed = data.unused.filter((trial) => trial.unused === 'retried')
  return failed.length === 0 ? undefined : finding('retried', { n: failed.length, reasons: reasonsText(failed, words) })
}

function relaunched({ data }: Evidence): Finding {
  const again = data.launches.filter((launch) => launch.continues !== undefined)
  if (again.length === 0) return undefined
  return finding('relaunched', {
    n: again.length,
    launches: again.map((launch) => `${launch.id} ← ${launch.continues}`).join(', '),
  })
}

function requests({ data, comparison }: Evidence): Finding {
  const load = comparison.cells
    .filter((cell) => cell.kind === 'completion' || cell.kind === 'chat')
    .map((cell) => cell.cell.config.load)
    .flatMap((each) => ('requests' in each ? [each.requests] : []))
  const least = Math.min(...load)
  return load.length > 0 && least < fewRequests && data.plan.blocks < minBlocks
    ? finding('few-requests', { n: least })
    : undefined
}

function virtualized({ data }: Evidence): Finding {
  const kinds = Object.values(data.manifests).flatMap(({ manifest }) => manifest.host.virtualization ?? [])
  return kinds.length === 0 ? undefined : finding('virtualized', { kinds: listed(kinds) })
}

function unavailable({ data }: Evidence): Finding {
  const names = Object.values(data.manifests).flatMap(({ manifest }) => manifest.host.unavailable)
  return names.length === 0 ? undefined : finding('unavailable', { names: listed(names) })
}

function dirty({ data }: Evidence): Finding {
  const changed = Object.values(data.manifests).some(({ manifest }) => manifest.tool.dirty === true)
  return changed ? finding('dirty', {}) : undefined
}
