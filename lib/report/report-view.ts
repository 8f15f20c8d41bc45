import type { PlanData } from '../domain/plan-data.ts'
import { answerOf, type Answer } from './answer.ts'
import { armKey, type KeyEntry } from './arm-key.ts'
import { byNumberFigures } from './by-number-figure.ts'
import { byPromptFigures } from './by-prompt-figure.ts'
import { byPromptOf, type ByPrompt } from './by-prompt.ts'
import { clientErrorOf, type ClientError } from './client-error.ts'
import { comparisonOf, hasRandomWeights } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import { distributionFigures } from './distribution-figure.ts'
import { enginesOf, type Engines } from './engines.ts'
import { evidenceOf, type Evidence } from './evidence.ts'
import type { Figure } from './figure.ts'
import { gapsOf, type Gaps } from './gaps.ts'
import { goodputFigures } from './goodput-figure.ts'
import { heatMapFigures } from './heat-map-figure.ts'
import { headOf, type Head } from './head.ts'
import { historyFigures } from './history-figure.ts'
import { importedTable, type ImportedTable } from './imported-logs.ts'
import { intervalsFigures } from './intervals-figure.ts'
import { launchesFigures } from './launches-figure.ts'
import { loadCurveFigures } from './load-curve-figure.ts'
import { loadLatencyFigures } from './load-latency-figure.ts'
import { loadThroughputFigures } from './load-throughput-figure.ts'
import { loadSweepsOf } from './load-sweep.ts'
import { machinesOf, type Machines } from './machines.ts'
import { readingPaceFigures } from './reading-pace-figure.ts'
import { requestsFigures } from './requests-figure.ts'
import { resourcesOf, type Resources } from './resources.ts'
import { matrixOf, type Matrix } from './matrix.ts'
import { memoryFigures } from './memory-figure.ts'
import { methodOf, type Method } from './method.ts'
import { observedOf, type ObservedRequests } from './observed-requests.ts'
import { overTimeFigures } from './over-time-figure.ts'
import { probesFigures } from './probes-figure.ts'
import { rebuildingOf, type Rebuilding } from './rebuilding.ts'
import { samplesOf, type CellSamples } from './samples.ts'
import { shownPairs } from './shown-pair.ts'
import { shownData } from './shown-text.ts'
import { telemetryFigures } from './telemetry-figure.ts'
import { tokenLengthFigures } from './token-lengths-figure.ts'
import { tradeoffFigures } from './tradeoff-figure.ts'
import { valueFigures } from './value-figure.ts'
import { isTooFew, verdictAnswer } from './verdict-answer.ts'
import { verdictsView, type VerdictsView } from './verdicts-view.ts'
import { warningsOf, type Warning } from './warnings.ts'
import type { Words } from './words.ts'

/** A report as plain data: what the templates show, in words and numbers that are ready to be read. */
export type ReportView = {
  head: Head
  answer: Answer
  /** Where arms were compared that a file declared, or somebody asked for. */
  verdicts: VerdictsView | undefined
  /** The figure beside the answer; at most one. */
  answerFigures: readonly Figure[]
  /** Colours and shapes of the values that are compared. */
  key: readonly KeyEntry[]
  matrix: Matrix
  /** Logs of llama-perplexity of the same models: not measured here. */
  imported: ImportedTable | undefined
  /** Where arms have different engines, or an engine says itself what it took. */
  engines: Engines | undefined
  /** Where arms answered a handful of prompts. */
  prompts: readonly ByPrompt[]
  samples: readonly CellSamples[]
  figures: readonly Figure[]
  warnings: readonly Warning[]
  /** Where a server was asked: what its client may have added. */
  clientError: ClientError | undefined
  gaps: Gaps
  method: Method
  machines: Machines
  resources: Resources
  rebuilding: Rebuilding
}

/** Turns a plan's data into what a report shows: pure, and the same for the same data. */
export function reportView(
  data: PlanData,
  words: Words,
  digests: { store: string; templates: string },
  observed: ObservedRequests = observedOf(data),
): ReportView {
  const shown = shownData(data)
  const evidence = evidenceOf(shown, observed, { comparison: comparisonOf(shown.plan, words), words })
  const pairs = shownPairs(evidence)
  const [pair] = pairs
  const answer = pair === undefined || !wasMeasured(evidence) ? answerOf(evidence) : verdictAnswer(evidence, pair)
  const figures = figuresOf(evidence)
  const read = pair === undefined ? [] : intervalsFigures(evidence, pair)
  const beside = pair === undefined || isTooFew(pair) ? besideAnswer(figures, answer) : undefined
  return {
    head: headOf(evidence),
    answer,
    verdicts: pair === undefined ? undefined : verdictsView(evidence, pairs),
    answerFigures: [...read, ...(beside === undefined ? [] : [beside])],
    key: armKey(evidence.comparison),
    matrix: matrixOf(evidence),
    imported: importedTable(evidence),
    // Answers are compared as they came, not as they are shown.
    engines: enginesOf(evidence, data.answers ?? []),
    prompts: byPromptOf(evidence),
    samples: samplesOf(evidence),
    figures: inOrder(figures.filter((figure) => figure !== beside)),
    warnings: warningsOf(evidence),
    clientError: clientErrorOf(evidence),
    gaps: gapsOf(evidence),
    method: methodOf(evidence),
    machines: machinesOf(evidence),
    resources: resourcesOf(evidence),
    rebuilding: rebuildingOf(evidence, digests),
  }
}

/** Where nothing ended well there is nothing to compare, and that is the answer. */
function wasMeasured({ data }: Evidence): boolean {
  return data.trials.some(({ status }) => status === 'ok')
}

function figuresOf(evidence: Evidence): Figure[] {
  const loads = loadFigures(evidence)
  // Cells of such a load are told by those figures: their speed level by level would say it again.
  const told = new Set(
    loadSweepsOf(evidence).flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ cell }) => cell))),
  )
  const speeds = measuredSpeeds(evidence).flatMap(({ metric, cells }) =>
    valueFigures(
      evidence,
      metric,
      cells.filter((cell) => !told.has(cell)),
    ),
  )
  const tradeoffs = tradeoffFigures(evidence)
  const quality = tradeoffs.length > 0 ? tradeoffs : qualityFigures(evidence)
  return [
    ...loads,
    ...speeds,
    ...readingPaceFigures(evidence),
    ...heatMapFigures(evidence),
    ...byPromptFigures(evidence),
    ...byNumberFigures(evidence),
    ...memoryFigures(evidence),
    ...quality,
    ...distributionFigures(evidence),
    ...requestsFigures(evidence),
    ...tokenLengthFigures(evidence),
    ...folded([...overTimeFigures(evidence), ...launchesFigures(evidence)]),
    ...telemetryFigures(evidence),
    ...historyFigures(evidence),
  ]
}

function unfolded(figure: Figure): Figure {
  const { folded: _, ...rest } = figure
  return rest
}

function folded(figures: readonly Figure[]): Figure[] {
  return figures.map((figure) => ({ ...figure, folded: true }))
}

/** What a load does to a server, and how the highest one that it bears was found. */
function loadFigures(evidence: Evidence): Figure[] {
  return [
    ...loadCurveFigures(evidence),
    ...loadThroughputFigures(evidence),
    ...loadLatencyFigures(evidence),
    ...goodputFigures(evidence),
    ...probesFigures(evidence),
  ]
}

/** Perplexity by itself, where there is no speed to set it against; that of random weights says nothing. */
function qualityFigures(evidence: Evidence): Figure[] {
  const cells = evidence.comparison.cells.filter((cell) => cell.kind === 'perplexity' && !hasRandomWeights(cell.cell))
  return valueFigures(evidence, 'perplexity', cells)
}

/** What is folded comes last; where there is nothing else to see it stands open. */
function inOrder(figures: readonly Figure[]): Figure[] {
  const [open, inFold] = [figures.filter((figure) => !figure.folded), figures.filter((figure) => figure.folded)]
  return open.length > 0 ? [...inPairs(open), ...inPairs(inFold)] : inPairs(inFold).map(unfolded)
}

/** Narrow figures stand side by side: one that is left over takes the whole line. */
function inPairs(figures: readonly Figure[]): Figure[] {
  let before = 0
  return figures.map((figure, at) => {
    if (figure.wide) before = 0
    else before += 1
    const alone = before % 2 === 1 && figures[at + 1]?.wide !== false
    return alone ? { ...figure, wide: true } : figure
  })
}

/** The figure that shows what the answer says; where it says nothing yet, the first one. */
function besideAnswer(figures: readonly Figure[], { about }: Answer): Figure | undefined {
  const same = figures.filter((figure) => about !== undefined && figure.metric === about.metric)
  const curve = figures.find(({ chart }) => about !== undefined && chart === 'load-curve')
  return same.find((figure) => figure.group === about?.group) ?? same[0] ?? curve
}
